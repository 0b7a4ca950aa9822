// Headers in every form clients hand them on: a Headers object, a record, a list of pairs.

import { delayHeaders } from "./retry-after.ts";
import { type Fields, get, isFields, items, keysOf } from "./safe.ts";
import type { Signals } from "./signals.ts";

function put(signals: Signals, name: string, value: unknown): void {
  const first =
    typeof value === "string" || typeof value === "number" ? value : items(value, 1)?.[0];
  if (typeof first !== "string" && typeof first !== "number") return;
  const lower = name.toLowerCase();
  if (lower.startsWith("anthropic-")) signals.provider ??= "anthropic";
  if (lower.startsWith("openai-")) signals.provider ??= "openai";
  if (delayHeaders.includes(lower)) signals.headers[lower] = String(first).slice(0, 200);
}

/** Keeps the headers that say something about a failure. */
export function readHeaders(headers: unknown, signals: Signals): void {
  if (!isFields(headers)) return;
  if (typeof get(headers, "get") === "function") {
    for (const name of delayHeaders) put(signals, name, ask(headers, name));
    return;
  }
  const pairs = items(headers, 100);
  if (pairs === undefined) {
    for (const name of keysOf(headers, 100)) put(signals, name, get(headers, name));
    return;
  }
  for (const pair of pairs) {
    const [name, value] = items(pair, 2) ?? [];
    if (typeof name === "string") put(signals, name, value);
  }
}

function ask(headers: Fields, name: string): unknown {
  try {
    return (headers as unknown as { get(name: string): unknown }).get(name);
  } catch {
    return undefined;
  }
}
