import { type LogEntry } from "../log.ts";

/** A request in one line. */
export function describeEntry(entry: LogEntry): string {
  const { elapsed, account = "no key", operation, model, stream, status, fault } = entry;
  const what = operation === "unknown" ? `${entry.method} ${entry.path}` : operation;
  const outcome = `${status ?? "no answer"}${fault === undefined ? "" : ` ${fault}`}`;
  const time = `${(elapsed / 1000).toFixed(2)}s`.padStart(9);
  return [
    time,
    outcome,
    account,
    model,
    `${what}${stream && !what.startsWith("stream") ? " (stream)" : ""}`,
  ]
    .filter(Boolean)
    .join("  ");
}
