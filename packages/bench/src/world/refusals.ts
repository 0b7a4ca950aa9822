import { createGemini, type FaultInput, type FaultName } from "@holdfast/gemini-simulator";

// What Gemini says when it refuses, word for word: bodies come from the simulator's faults, hints are filled in.
import { type Doom } from "../arrivals.ts";

/** A refusal as it comes over the wire. */
export interface Refusal {
  status: number;
  body: string;
}

/** Stands in a template where the advised wait goes; no real hint looks like it. */
const placeholder = { wait: 3_333.111, text: "3.333111s", seconds: "3s" };

const templates = new Map<string, Refusal>();

function ask(fault: FaultInput, model: string): Refusal {
  const gemini = createGemini({
    accounts: [{ name: "bench", key: "bench-key", project: "bench" }],
    projects: [{ name: "bench", tier: "tier-1" }],
    rules: [{ fault }],
  });
  const answer = gemini.handle(
    {
      method: "POST",
      url: `https://generativelanguage.googleapis.com/v1beta/models/${model}:generateContent`,
      headers: { "x-goog-api-key": "bench-key", "content-type": "application/json" },
      body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "hello" }] }] }),
    },
    Date.UTC(2026, 10, 23, 12),
  );
  const body = answer.chunks.map(({ text }) => text).join("");
  return { status: answer.head?.status ?? 0, body };
}

function template(fault: FaultInput, model: string): Refusal {
  const key = `${JSON.stringify(fault)} ${model}`;
  let known = templates.get(key);
  if (!known) templates.set(key, (known = ask(fault, model)));
  return known;
}

/** Milliseconds as Gemini's sentences print them. */
function printed(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Number(milliseconds.toFixed(6))}ms`;
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = `${Number(((milliseconds % 60_000) / 1_000).toFixed(9))}s`;
  return minutes ? `${minutes}m${seconds}` : seconds;
}

/** The refusal of a fault that needs no numbers. */
export function refusal(fault: FaultName, model: string): Refusal {
  return template(fault, model);
}

/** The refusal of a call that nothing can mend. */
export function doomRefusal(doom: Doom, model: string): Refusal {
  if (doom === "unknown-model") return refusal("model-not-found", model);
  if (doom !== "foreign-file") return refusal(doom, model);
  const { status, body } = refusal("permission-denied", model);
  const said = "You do not have permission to access the File bench-file or it may not exist.";
  return { status, body: body.replace("The caller does not have permission", said) };
}

/** The refusal of a quota: its limit, and when to come back (ms). */
export function quotaRefusal(
  metric: "rpm" | "tpm" | "rpd",
  { limit, wait, model }: { limit: number; wait: number; model: string },
): Refusal {
  const types = { rpm: "minute-quota", tpm: "minute-token-quota", rpd: "day-quota" } as const;
  const { status, body } = template({ type: types[metric], limit, wait: placeholder.wait }, model);
  const filled = body
    .replaceAll(placeholder.text, printed(wait))
    .replaceAll(
      `"retryDelay": "${placeholder.seconds}"`,
      `"retryDelay": "${Math.floor(wait / 1_000)}s"`,
    );
  return { status, body: filled };
}
