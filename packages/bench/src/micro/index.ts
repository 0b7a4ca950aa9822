// The small costs: calls, parts, classifications, waiting, weight.
import { classification, fallbackPath, happyPath } from "./calls.ts";
import { generation, streamedPart, wholeGeneration } from "./hosts.ts";
import { installed, type Installed } from "./installed.ts";
import { time, type Timing } from "./interleave.ts";
import { agentInvoke, chatInvoke, googleInvoke } from "./langchain.ts";
import { lossTable, sharedModelLosses, type SharedModelLoss } from "./shared-model.ts";
import { waitingCosts, type WaitingCost } from "./waiting.ts";
import { type Weight, weights } from "./weight.ts";

/** All small costs. */
export interface Micro {
  timings: Timing[];
  waiting: WaitingCost[];
  weights: Weight[];
  losses: SharedModelLoss[];
  installed: Installed[];
}

const comparisons = [
  happyPath,
  fallbackPath,
  classification,
  generation,
  wholeGeneration,
  streamedPart,
  chatInvoke,
  googleInvoke,
  agentInvoke,
];

const packages = [
  "@holdfast/core",
  "@holdfast/ai-sdk",
  "cockatiel",
  "p-retry",
  "ai-retry",
  "ai-fallback",
  "effect",
];

/** Measures them. `onStep` hears what is measured next. */
export async function micro(onStep: (name: string) => void = () => {}): Promise<Micro> {
  const timings: Timing[] = [];
  for (const comparison of comparisons) {
    onStep(comparison.name);
    timings.push(...(await time(comparison, 20)));
  }
  onStep("calls that wait");
  const waiting = await waitingCosts([1_000, 10_000, 100_000]);
  onStep("calls that share a model");
  const losses = await sharedModelLosses([2, 10, 20, 100]);
  onStep("bundles");
  return { timings, waiting, losses, weights: await weights(), installed: packages.map(installed) };
}

const rounded = (value: number): string =>
  Number.isFinite(value) ? Math.round(value).toLocaleString("en-US") : "-";

function section(title: string, lines: readonly (readonly string[])[]): string {
  const widths =
    lines[0]?.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0))) ?? [];
  const printed = lines.map((line) =>
    line
      .map((cell, index) =>
        index ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  "),
  );
  return [title, ...printed].join("\n");
}

/** Prints them. */
export function microTables({
  timings,
  waiting,
  losses,
  weights: weighed,
  installed: sizes,
}: Micro): string {
  const groups = Map.groupBy(timings, ({ comparison }) => comparison);
  const compared = [...groups].map(([name, group]) =>
    section(name, [
      ["", "ns", `ratio to ${group[0]?.peer ?? ""}`],
      ...group.map((one) => [one.name, rounded(one.nanoseconds), one.ratio.toFixed(2)]),
    ]),
  );
  return [
    ...compared,
    section("a call that waits", [
      ["", "waiting", "bytes each", "ns each"],
      ...waiting.map((one) => [
        one.name,
        rounded(one.waiting),
        rounded(one.bytes),
        rounded(one.nanoseconds),
      ]),
    ]),
    section("share of calls lost, first target always 503", lossTable(losses)),
    section("bundles", [
      ["", "minified", "gzip", "brotli", "ms to load"],
      ...weighed.map((one) => [
        one.name,
        rounded(one.minified),
        rounded(one.gzip),
        rounded(one.brotli),
        Number.isFinite(one.load) ? one.load.toFixed(1) : "-",
      ]),
    ]),
    section("installed", [
      ["", "packages", "kB"],
      ...sizes.map((one) => [one.name, String(one.packages), rounded(one.bytes / 1_000)]),
    ]),
  ].join("\n\n");
}
