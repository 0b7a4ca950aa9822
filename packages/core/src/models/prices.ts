import { type Price } from "@holdfast/core";

import { type DatedPrice, type Model, presentTime } from "./model.ts";

type Rows = readonly DatedPrice[];

/** A row of the pricing page; a day before which nothing is known stands for all days before. */
const since = (day: string, price: Price): DatedPrice => ({
  ...price,
  since: day,
  source: "pricing",
});

/** Reduced until the end of the year. */
export const flash36Prices: Rows = [
  /* #__PURE__ */ since("2026-09-20", { input: 0.75, output: 3.75, cachedInput: 0.075 }),
  /* #__PURE__ */ since("2027-01-01", { input: 1.5, output: 7.5, cachedInput: 0.15 }),
];

export const flash35Prices: Rows = [/* #__PURE__ */ since("2026-05-19", { input: 1.5, output: 9 })];

export const flashLite35Prices: Rows = [
  /* #__PURE__ */ since("2026-07-21", { input: 0.3, output: 2.5 }),
];

export const flashLite31Prices: Rows = [
  /* #__PURE__ */ since("2026-05-07", { input: 0.25, output: 1.5 }),
];

export const pro31Prices: Rows = [
  /* #__PURE__ */ since("2026-02-19", {
    input: 2,
    output: 12,
    cachedInput: 0.2,
    long: { above: 200_000, input: 4, output: 18, cachedInput: 0.4 },
  }),
];

export const flash3Prices: Rows = [
  /* #__PURE__ */ since("2025-12-17", { input: 0.5, output: 3, cachedInput: 0.05 }),
];

export const pro25Prices: Rows = [
  /* #__PURE__ */ since("2025-06-17", {
    input: 1.25,
    output: 10,
    cachedInput: 0.125,
    long: { above: 200_000, input: 2.5, output: 15, cachedInput: 0.25 },
  }),
];

export const flash25Prices: Rows = [
  /* #__PURE__ */ since("2025-06-17", { input: 0.3, output: 2.5, cachedInput: 0.03 }),
];

export const flashLite25Prices: Rows = [
  /* #__PURE__ */ since("2025-07-22", { input: 0.1, output: 0.4, cachedInput: 0.01 }),
];

export const embedding2Prices: Rows = [
  /* #__PURE__ */ since("2026-04-22", { input: 0.2, output: 0 }),
];

/** The list price of a model at a wall time in ms; `undefined` where none is known. */
export function priceOf({ prices = [] }: Model, now: number = presentTime()): Price | undefined {
  const row = prices.findLast((one) => Date.parse(one.since) <= now) ?? prices[0];
  if (!row) return undefined;
  const { since: _since, source: _source, ...price } = row;
  return price;
}
