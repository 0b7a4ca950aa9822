import {
  allScenarios,
  burst,
  circumstances,
  contenders,
  measure,
  pageOf,
  poisson,
  readTrace,
  type Result,
  sharedRow,
  tableOf,
  withRegret,
} from "@holdfast/bench";
import { beforeAll, describe, expect, test } from "vitest";

let results: Result[] = [];

beforeAll(async () => {
  const scenario = allScenarios().find(({ name }) => name === "S4b");
  if (!scenario) throw new Error("no such scenario");
  const short = {
    ...scenario,
    arrivals: (seed: number) => poisson({ perSecond: 1, until: 20_000 }, seed),
  };
  const chosen = contenders.filter(({ name }) => ["holdfast", "none", "oracle"].includes(name));
  const measured: Result[] = [];
  for (const one of chosen) measured.push(await measure(one, short, [0]));
  results = withRegret(measured);
});

describe("results", () => {
  test("have one row per policy with what others read", () => {
    const row = results.find(({ row: { policy } }) => policy === "holdfast")?.row;
    expect(row && Object.keys(sharedRow(row))).toEqual([
      "scenario",
      "variant",
      "policy",
      "seeds",
      "answered",
      "p50",
      "p99",
      "attemptsPerAnswer",
      "wasted",
      "lost",
      "duplicated",
      "recover",
    ]);
    expect(row).toMatchObject({ seeds: 1, answered: 1, recover: null });
    expect(row?.p50).toBeLessThan(60);
  });

  test("of the bound are the measure of all others", () => {
    const [bound] = results
      .filter(({ row }) => row.policy === "oracle")
      .map(({ row }) => row.regret);
    const unmeasured = ["recover", "diagnosed", "doomedAttempts"];
    for (const [measure, value] of Object.entries(bound ?? {}))
      if (!measure.endsWith("Characters"))
        expect([measure, value]).toEqual([measure, unmeasured.includes(measure) ? null : 0]);
    expect(bound).toBeDefined();
    const none = results.find(({ row }) => row.policy === "none")?.row;
    expect(none?.regret?.answered).toBeCloseTo(1 - (none?.answered ?? 1));
  });

  test("print as a table with a line per policy", () => {
    const lines = tableOf(
      results.map(({ row }) => row),
      new Map(),
    ).split("\n");
    expect(lines[0]).toMatch(/^S4b/);
    expect(lines.slice(2).map((line) => line.split(" ")[0])).toEqual([
      "holdfast",
      "none",
      "oracle",
    ]);
  });

  test("make a page that needs nothing else", async () => {
    const page = await pageOf({ results, titles: { x: "</script><b>" }, ...circumstances() });
    expect(page).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="(?!data:)/);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    const json = /id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    expect((JSON.parse(json) as { results: unknown[] }).results).toHaveLength(3);
  });
});

describe("a trace", () => {
  const text =
    "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:04.0319600,3180,8\n2023-11-16 18:17:03.9799600,4808,10\n";

  test("begins at its first request", () => {
    expect(readTrace(text)).toEqual([
      { id: 0, at: 0, inputTokens: 4808, outputTokens: 10 },
      { id: 1, at: 52, inputTokens: 3180, outputTokens: 8 },
    ]);
  });

  test.each([
    ["something,else\n1,2", /begins with/],
    [`${text}yesterday,1,2`, /line 4/],
  ])("that is none is refused", (wrong, message) => {
    expect(() => readTrace(wrong)).toThrow(message);
  });

  test("and a burst number their calls from 0", () => {
    expect(burst(2).map(({ id, at }) => [id, at])).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });
});
