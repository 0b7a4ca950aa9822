import { parseArgs } from "node:util";

/** The variables in which the two frameworks and Google's own client look for a key. */
const keyNames = ["GEMINI_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY", "GOOGLE_API_KEY"] as const;

/** What the command line asks for: the simulator, the real API with a key, or something that does not exist. */
export interface Wish {
  apiKey?: string;
  error?: string;
}

const usage = "Usage: demo [--live]   (--live asks the real API instead of the simulator)";

/** Reads the command line and, for `--live`, the key from the environment. */
export function readArguments(argv: readonly string[], env: NodeJS.ProcessEnv): Wish {
  let live: boolean;
  try {
    live = parseArgs({ args: [...argv], options: { live: { type: "boolean", default: false } } })
      .values.live;
  } catch (error) {
    return { error: `${(error as Error).message}\n${usage}` };
  }
  if (!live) return {};
  const apiKey = keyNames.map((name) => env[name]?.trim()).find(Boolean);
  if (apiKey !== undefined) return { apiKey };
  return {
    error: `--live asks the real Gemini API and needs a key: set ${keyNames.join(" or ")} (https://aistudio.google.com/apikey).`,
  };
}
