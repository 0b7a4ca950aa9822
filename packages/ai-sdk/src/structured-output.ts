// Checks JSON that a call asked for, and tells the attempts after it what was wrong.
import { type Answer, type AttemptContext } from "@holdfast/core";

import { type HostOptions, type HostResult } from "./host-types.ts";
import { type HoldfastOptions } from "./options.ts";

/** Marks our own finding in a failure's message, so that only it becomes a hint. */
const misfit = "The JSON does not fit: ";

function problemOf(
  text: string,
  options: HostOptions,
  { validate }: NonNullable<HoldfastOptions["structured"]>,
): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return (error as Error).message;
  }
  return validate?.(value, options.responseFormat?.schema);
}

/** The normal form of an answer that is not the JSON that was asked for; `undefined` when it is, or nobody asked. */
export function misfitOf(
  result: HostResult,
  options: HostOptions,
  structured: HoldfastOptions["structured"],
): Answer | undefined {
  if (!structured || options.responseFormat?.type !== "json") return undefined;
  if (result.content?.some(({ type }) => type === "tool-call")) return undefined;
  const text = (result.content ?? [])
    .map((part) => (part.type === "text" ? String(part.text) : ""))
    .join("");
  if (!text) return undefined;
  const problem = problemOf(text, options, structured);
  return problem === undefined
    ? undefined
    : { finishReason: "MALFORMED_RESPONSE", finishMessage: `${misfit}${problem}` };
}

/** The options of the attempts after one whose JSON did not fit: they say so, whatever else failed since, unless hints are off. */
export function withHint(
  options: HostOptions,
  context: AttemptContext,
  structured: HoldfastOptions["structured"],
): HostOptions {
  if (!structured || structured.hint === false || typeof options.prompt !== "object")
    return options;
  const refused = context.failures.findLast(({ message }) => message.startsWith(misfit));
  if (!refused) return options;
  const text = `Your last answer was refused. ${refused.message} Answer again, with nothing but JSON that fits.`;
  return {
    ...options,
    prompt: [...options.prompt, { role: "user", content: [{ type: "text", text }] }],
  };
}
