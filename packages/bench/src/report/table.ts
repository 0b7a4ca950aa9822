// Results as a table for a terminal.
import { type Row } from "../metrics.ts";

const columns: { head: string; cell: (row: Row) => string }[] = [
  { head: "policy", cell: ({ policy }) => policy },
  { head: "answered", cell: ({ answered }) => percent(answered) },
  { head: "p50 s", cell: ({ p50 }) => seconds(p50) },
  { head: "p99 s", cell: ({ p99 }) => seconds(p99) },
  { head: "attempts", cell: ({ attemptsPerAnswer }) => ratio(attemptsPerAnswer) },
  { head: "wasted", cell: ({ wasted }) => percent(wasted) },
  { head: "fallback", cell: ({ fallback }) => percent(fallback) },
  { head: "cost", cell: ({ cost }) => ratio(cost) },
  { head: "lost", cell: ({ lost }) => percent(lost) },
  { head: "twice", cell: ({ duplicated }) => percent(duplicated) },
  { head: "recover s", cell: ({ recover }) => (recover === null ? "" : seconds(recover)) },
  {
    head: "chars lost",
    cell: ({ lostCharacters }) => (lostCharacters === null ? "" : percent(lostCharacters)),
  },
  {
    head: "chars twice",
    cell: ({ duplicatedCharacters }) =>
      duplicatedCharacters === null ? "" : percent(duplicatedCharacters),
  },
  {
    head: "tokens wasted",
    cell: ({ wastedTokens }) => (wastedTokens ? wastedTokens.toFixed(0) : ""),
  },
  {
    head: "beyond mending",
    cell: ({ doomedAttempts }) => (doomedAttempts === null ? "" : ratio(doomedAttempts)),
  },
  { head: "diagnosed", cell: ({ diagnosed }) => (diagnosed === null ? "" : percent(diagnosed)) },
  { head: "answered regret", cell: ({ regret }) => (regret ? percent(regret.answered) : "") },
  { head: "p50 regret", cell: ({ regret }) => (regret ? change(regret.p50) : "") },
  { head: "p99 regret", cell: ({ regret }) => (regret ? change(regret.p99) : "") },
  {
    head: "attempts regret",
    cell: ({ regret }) => (regret ? change(regret.attemptsPerAnswer) : ""),
  },
  { head: "cost regret", cell: ({ regret }) => (regret ? change(regret.cost) : "") },
];

const percent = (share: number): string =>
  share === 0 ? "0" : `${(share * 100).toFixed(share > 0.995 && share < 1 ? 2 : 1)}%`;
const seconds = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : "-");
const ratio = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(value < 10 ? 3 : 0) : "-";
const change = (value: number): string =>
  Number.isFinite(value) ? `${value >= 0 ? "+" : ""}${(value * 100).toFixed(1)}%` : "-";

function lines(rows: readonly Row[]): string[] {
  // Columns that say nothing for any of these policies are left out.
  const filled = columns.filter(({ cell }) => rows.some((row) => cell(row) !== ""));
  const cells = [
    filled.map(({ head }) => head),
    ...rows.map((row) => filled.map(({ cell }) => cell(row))),
  ];
  const widths = filled.map((_, index) =>
    Math.max(...cells.map((line) => line[index]?.length ?? 0)),
  );
  return cells.map((line) =>
    line
      .map((cell, index) =>
        index ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** One table per variant of a scenario. */
export function tableOf(rows: readonly Row[], titles: ReadonlyMap<string, string>): string {
  const groups = Map.groupBy(rows, ({ scenario, variant }) => `${scenario} (${variant})`);
  return [...groups]
    .map(([name, group]) => [`${name}: ${titles.get(name) ?? ""}`, ...lines(group)].join("\n"))
    .join("\n\n");
}
