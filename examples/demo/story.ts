import { type Policy } from "@holdfast/core";
import { type RuleInput } from "@holdfast/gemini-simulator";

/** Who makes a call. */
export type Framework = "AI SDK" | "LangChain";

/** One call of a story. */
export interface Scene {
  framework: Framework;
  /** What is called, as it stands in the code. */
  call: string;
  /** What goes wrong, in words; told of the simulated Gemini only. */
  plot: string;
  /** The same for the simulator. */
  weather: RuleInput[];
  /** How the call ends when all is well. @default "answer" */
  ends?: "answer" | "refusal";
  /** Makes the call and resolves with its text. */
  run(): Promise<string>;
}

/** Some calls that show one thing. */
export interface Story {
  title: string;
  scenes: (policy: Policy) => Scene[];
}

export const pro = "gemini-4-argon";
export const flash = "gemini-3.8-flash";
export const lite = "gemini-3.5-flash-lite";

/** What every call asks. */
export const prompt = "Why does kelp need a holdfast?";

/** All the text of a stream. */
export async function gather(stream: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of stream) text += part;
  return text;
}
