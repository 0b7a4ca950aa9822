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

const columns: readonly (readonly [head: string, cell: (row: Row) => string])[] = [
  ["policy", ({ policy }) => policy],
  ["answered %", ({ answered }) => percent(answered)],
  ["p50 s", ({ p50 }) => number(p50, 1)],
  ["p99 s", ({ p99 }) => number(p99, 1)],
  ["requests per answer", ({ attemptsPerAnswer }) => number(attemptsPerAnswer, 2)],
  ["wasted %", ({ wasted }) => percent(wasted)],
  ["fallback %", ({ fallback }) => percent(fallback)],
  ["cost", ({ cost }) => number(cost, 2)],
  ["lost %", ({ lost }) => percent(lost)],
  ["recovers after s", ({ recover }) => number(recover, 0)],
];

/** All figures of one variant. */
export function numbers(results: readonly Result[]): HTMLTableElement {
  const head = element(
    "tr",
    {},
    columns.map(([name]) => element("th", {}, [name])),
  );
  const body = results.map(({ row }) =>
    element(
      "tr",
      { class: classOf(row.policy) },
      columns.map(([, cell]) => element("td", {}, [cell(row)])),
    ),
  );
  return element("table", {}, [element("thead", {}, [head]), element("tbody", {}, body)]);
}
