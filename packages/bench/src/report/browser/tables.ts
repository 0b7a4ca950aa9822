import { type Row } from "../../metrics.ts";
import { type Result } from "../../suite.ts";
import { element } from "./element.ts";

const classOf = (policy: string): string =>
  policy.startsWith("holdfast") ? "ours" : policy.startsWith("oracle") ? "bound" : "";

const percent = (share: number): string =>
  (share * 100).toFixed(share > 0.995 || share === 0 ? 0 : 1);
const number = (value: number | null, digits: number): string =>
  value === null || !Number.isFinite(value) ? "" : value.toFixed(digits);

const shade = (share: number | undefined): HTMLElement => {
  if (share === undefined) return element("td");
  const style = `background: color-mix(in srgb, var(${share > 0.9 ? "--good" : "--bad"}) ${Math.round(share > 0.9 ? (share - 0.9) * 400 : (0.9 - share) * 45)}%, transparent)`;
  return element("td", { style }, [percent(share)]);
};

/** Policies by scenarios: the worst share answered of all variants. */
export function heat(results: readonly Result[]): HTMLTableElement {
  const scenarios = [...new Set(results.map(({ row }) => row.scenario))];
  const policies = [...new Set(results.map(({ row }) => row.policy))];
  const worst = (policy: string, scenario: string): number | undefined => {
    const shares = results
      .filter(({ row }) => row.policy === policy && row.scenario === scenario)
      .map(({ row }) => row.answered);
    return shares.length ? Math.min(...shares) : undefined;
  };
  const head = element(
    "tr",
    {},
    ["policy", ...scenarios].map((name) => element("th", {}, [name])),
  );
  const body = policies.map((policy) =>
    element("tr", { class: classOf(policy) }, [
      element("td", {}, [policy]),
      ...scenarios.map((scenario) => shade(worst(policy, scenario))),
    ]),
  );
  return element("table", { class: "heat" }, [
    element("thead", {}, [head]),
    element("tbody", {}, body),
  ]);
}

type Column = readonly [head: string, cell: (row: Row) => string];

const share = (value: number | null | undefined): string =>
  typeof value === "number" ? percent(value) : "";

const figures: readonly Column[] = [
  ["policy", ({ policy }) => policy],
  ["answered %", ({ answered }) => percent(answered)],
  ["p50 s", ({ p50 }) => number(p50, 1)],
  ["p99 s", ({ p99 }) => number(p99, 1)],
  ["requests per answer", ({ attemptsPerAnswer }) => number(attemptsPerAnswer, 2)],
  ["wasted requests %", ({ wasted }) => percent(wasted)],
  ["wasted tokens per answer", ({ wastedTokens }) => number(wastedTokens, 0)],
  ["fallback %", ({ fallback }) => percent(fallback)],
  ["cost", ({ cost }) => number(cost, 2)],
  ["lost %", ({ lost }) => percent(lost)],
  ["answered twice %", ({ duplicated }) => percent(duplicated)],
  ["characters lost %", ({ lostCharacters }) => share(lostCharacters)],
  ["characters twice %", ({ duplicatedCharacters }) => share(duplicatedCharacters)],
  ["recovers after s", ({ recover }) => number(recover, 0)],
  ["diagnosed %", ({ diagnosed }) => share(diagnosed)],
  ["requests beyond mending", ({ doomedAttempts }) => number(doomedAttempts, 2)],
];

const change = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value)
    ? ""
    : `${value < 0 ? "" : "+"}${(value * 100).toFixed(1)} %`;
const points = (value: number | null | undefined): string =>
  typeof value === "number" ? (value * 100).toFixed(1) : "";

const regrets: readonly Column[] = [
  ["policy", ({ policy }) => policy],
  ["not answered, points", ({ regret }) => points(regret?.answered)],
  ["p50", ({ regret }) => change(regret?.p50)],
  ["p99", ({ regret }) => change(regret?.p99)],
  ["requests per answer", ({ regret }) => change(regret?.attemptsPerAnswer)],
  ["wasted requests, points", ({ regret }) => points(regret?.wasted)],
  ["wasted tokens per answer", ({ regret }) => number(regret?.wastedTokens ?? null, 0)],
  ["fallback, points", ({ regret }) => points(regret?.fallback)],
  ["cost", ({ regret }) => change(regret?.cost)],
  ["lost, points", ({ regret }) => points(regret?.lost)],
  ["answered twice, points", ({ regret }) => points(regret?.duplicated)],
  ["characters lost, points", ({ regret }) => points(regret?.lostCharacters)],
  ["characters twice, points", ({ regret }) => points(regret?.duplicatedCharacters)],
  ["recovers later by s", ({ regret }) => number(regret?.recover ?? null, 0)],
  ["not diagnosed, points", ({ regret }) => points(regret?.diagnosed)],
];

function table(results: readonly Result[], columns: readonly Column[]): HTMLTableElement {
  // Columns that say nothing for any of these policies are left out.
  const filled = columns.filter(([, cell]) => results.some(({ row }) => cell(row) !== ""));
  const head = element(
    "tr",
    {},
    filled.map(([name]) => element("th", {}, [name])),
  );
  const body = results.map(({ row }) =>
    element(
      "tr",
      { class: classOf(row.policy) },
      filled.map(([, cell]) => element("td", {}, [cell(row)])),
    ),
  );
  return element("table", {}, [element("thead", {}, [head]), element("tbody", {}, body)]);
}

/** All figures of one variant. */
export const numbers = (results: readonly Result[]): HTMLTableElement => table(results, figures);

/** How far each policy is behind the bound, in every measure. */
export const behind = (results: readonly Result[]): HTMLTableElement =>
  table(
    results.filter(({ row }) => row.regret && !row.policy.startsWith("oracle")),
    regrets,
  );
