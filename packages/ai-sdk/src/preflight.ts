// A look at a Gemini request before it is sent, through the check that the options bring along.
import { type CallFinding } from "@holdfast/core";

import { type HostMessage, type HostOptions } from "./host-types.ts";

/** `preflight` of `@holdfast/core/models`. */
export type Preflight = (
  body: unknown,
  options: { model: string | undefined },
) => readonly CallFinding[];

/** Settings that the SDK and Gemini call alike. */
const settings = [
  "temperature",
  "topP",
  "topK",
  "maxOutputTokens",
  "stopSequences",
  "seed",
  "presencePenalty",
  "frequencyPenalty",
];

const roles: Readonly<Record<string, string>> = { user: "user", assistant: "model", tool: "user" };

interface Content {
  readonly role?: string;
  readonly parts: readonly object[];
}

/** Texts as they are; of anything else, only that it is there. */
function contentOf({ role, content }: HostMessage): Content {
  const parts =
    typeof content === "string"
      ? [{ text: content }]
      : content.map(({ type, text }) => (type === "text" ? { text } : { inlineData: {} }));
  const named = roles[role];
  return { parts, ...(named === undefined ? {} : { role: named }) };
}

/** The body that Google's provider will make of a call, as far as a check looks. */
function bodyOf(options: HostOptions): object {
  const prompt = typeof options.prompt === "object" ? options.prompt : [];
  const system = prompt.filter(({ role }) => role === "system");
  const generationConfig = Object.fromEntries(
    settings.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  return {
    contents: prompt.filter(({ role }) => role !== "system").map(contentOf),
    ...(system.length === 0
      ? {}
      : { systemInstruction: { parts: system.flatMap((message) => contentOf(message).parts) } }),
    generationConfig,
  };
}

/** What a look at a call found. */
export function findingsOf(
  preflight: Preflight,
  options: HostOptions,
  model: string,
): readonly CallFinding[] {
  return preflight(bodyOf(options), { model });
}
