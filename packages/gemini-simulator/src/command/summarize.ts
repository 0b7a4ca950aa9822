import { type LogEntry } from "../log.ts";

/** How many requests came, and what became of them. */
export interface Summary {
  requests: number;
  /** By status and fault, the most frequent first. */
  outcomes: Record<string, number>;
  models: Record<string, number>;
  accounts: Record<string, number>;
}

/** Counts what arrived. */
export function summarize(entries: readonly LogEntry[]): Summary {
  return {
    requests: entries.length,
    outcomes: tally(
      entries,
      ({ status, fault }) => `${status ?? "no answer"}${fault === undefined ? "" : ` ${fault}`}`,
    ),
    models: tally(entries, ({ model }) => model),
    accounts: tally(entries, ({ account }) => account ?? "no key"),
  };
}

/** A summary as text. */
export function describeSummary({ requests, outcomes, models }: Summary): string {
  const byModel = Object.keys(models).length > 0 ? ["by model", ...listCounts(models)] : [];
  return [`${requests} requests`, ...listCounts(outcomes), ...byModel].join("\n");
}

function listCounts(counts: Record<string, number>): string[] {
  return Object.entries(counts).map(([name, count]) => `${String(count).padStart(8)}  ${name}`);
}

function tally(
  entries: readonly LogEntry[],
  nameOf: (entry: LogEntry) => string,
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const name = nameOf(entry);
    if (name !== "") counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one));
}
