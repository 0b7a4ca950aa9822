import {
  allScenarios,
  burst,
  contenders,
  type Contender,
  measure,
  otherScenarios,
  poisson,
  type Row,
  runOnce,
  type Scenario,
} from "@holdfast/bench";
import { describe, expect, test } from "vitest";

function scenario(name: string, variant: string, changes: Partial<Scenario> = {}): Scenario {
  const found = allScenarios().find((one) => one.name === name && one.variant === variant);
  if (!found) throw new Error(`no ${name} (${variant})`);
  return { ...found, ...changes };
}

function contender(name: string): Contender {
  const found = contenders.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

async function rowOf(
  policy: string,
  played: Scenario,
  seeds: readonly number[] = [0],
): Promise<Row> {
  const { row } = await measure(contender(policy), played, seeds);
  return row;
}

const shortly = { arrivals: (seed: number) => poisson({ perSecond: 2, until: 30_000 }, seed) };

describe("scenarios", () => {
  test("have names of their own, at all rates", () => {
    const names = [...allScenarios(), ...otherScenarios()].map(
      ({ name, variant }) => `${name} (${variant})`,
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("at other rates differ from the published ones in what they allow, or in what fails", () => {
    const worlds = new Set(
      allScenarios().map(({ name, weather, title }) => JSON.stringify({ name, weather, title })),
    );
    for (const { name, weather, title } of otherScenarios())
      expect(worlds).not.toContain(JSON.stringify({ name, weather, title }));
  });
});

describe("the server", () => {
  test("admits what the quota of a minute has, and refuses the rest in Gemini's words", async () => {
    const { ended, requests } = await runOnce(contender("none"), scenario("S1", "told, fixed"), 0);
    expect(requests.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(requests.filter(({ status }) => status === 429)).toHaveLength(90);
    expect(ended.filter(({ how }) => how === "answered")).toHaveLength(10);
  });

  test("admits the next ten a minute later, whether windows are fixed or slide", async () => {
    const pair = {
      arrivals: () => [
        ...burst(10),
        ...burst(11).map((one) => ({ ...one, id: one.id + 10, at: 60_000 })),
      ],
    };
    for (const variant of ["told, fixed", "told, sliding"]) {
      const { answered } = await rowOf("none", scenario("S1", variant, pair));
      expect(answered).toBeCloseTo(20 / 21);
    }
  });

  test("lets refused requests use up a sliding window where they count", async () => {
    const again = {
      arrivals: () => [
        ...burst(20),
        { id: 20, at: 59_000, inputTokens: 1, outputTokens: 1 },
        { id: 21, at: 61_000, inputTokens: 1, outputTokens: 1 },
      ],
    };
    const lenient = await rowOf("none", scenario("S1", "learned, sliding", again));
    const strict = await rowOf("none", scenario("S1", "learned, sliding, refusals count", again));
    expect(lenient.answered).toBeCloseTo(11 / 22);
    expect(strict.answered).toBeCloseTo(11 / 22);
    const later = {
      arrivals: () => [
        ...burst(10),
        ...burst(10).map((one) => ({ ...one, id: one.id + 10, at: 30_000 })),
        { id: 20, at: 61_000, inputTokens: 1, outputTokens: 1 },
      ],
    };
    expect((await rowOf("none", scenario("S1", "learned, sliding", later))).answered).toBeCloseTo(
      11 / 21,
    );
    expect(
      (await rowOf("none", scenario("S1", "learned, sliding, refusals count", later))).answered,
    ).toBeCloseTo(10 / 21);
  });

  test("gives every policy the same luck", async () => {
    const played = scenario("S4a", "p=0.3", shortly);
    const [one, other] = await Promise.all([
      runOnce(contender("none"), played, 3),
      runOnce(contender("naive"), played, 3),
    ]);
    const first = new Map<number, number>();
    for (const { call, status } of other.requests) if (!first.has(call)) first.set(call, status);
    expect(one.requests.map(({ call, status }) => [call, status])).toEqual([...first]);
  });

  test("plays the same seed the same way twice", async () => {
    const played = scenario("S4b", "p=0.3", shortly);
    expect(await rowOf("holdfast", played)).toEqual(await rowOf("holdfast", played));
  });
});

describe("the bound", () => {
  const told = ["S1", "S2", "S6", "S6c", "S7"].flatMap((name) =>
    allScenarios().filter(
      (one) => one.name === name && one.told && !one.variant.includes("tokens"),
    ),
  );

  test.each(told.map((one) => ({ played: one, name: `${one.name} (${one.variant})` })))(
    "is never refused and answers everything in $name",
    async ({ played }) => {
      const { ended, requests } = await runOnce(contender("oracle"), played, 1);
      expect(requests.every(({ status }) => status === 200)).toBe(true);
      expect(ended.every(({ how }) => how === "answered")).toBe(true);
    },
  );

  test("pays one refusal per quota that nobody told it", async () => {
    const { attemptsPerAnswer } = await rowOf("oracle", scenario("S6", "learned, fixed"));
    expect(attemptsPerAnswer).toBeCloseTo(205 / 200);
  });

  test("goes on with a broken stream from its last character", async () => {
    const played = scenario("S8", "broken streams", {
      arrivals: (seed) => poisson({ perSecond: 1, until: 60_000 }, seed),
    });
    const { row } = await measure(contender("oracle"), played, [0, 1]);
    expect(row).toMatchObject({ answered: 1, lostCharacters: 0, duplicatedCharacters: 0 });
    expect(row.attemptsPerAnswer).toBeGreaterThan(1);
  });
});

describe("Holdfast", () => {
  test("answers a burst ten times its quota with one request each", async () => {
    const row = await rowOf("holdfast", scenario("S1", "told, sliding"));
    expect(row).toMatchObject({ answered: 1, attemptsPerAnswer: 1, lost: 0, duplicated: 0 });
  });

  test("tries what cannot be mended exactly once, and names what is wrong", async () => {
    const played = scenario("S10", "told, made-up bursts");
    const doomed = {
      arrivals: (seed: number) =>
        played.arrivals(seed).filter(({ at, doomed: doom }) => at < 600_000 && doom),
    };
    const row = await rowOf("holdfast", { ...played, ...doomed });
    expect(row).toMatchObject({ doomedAttempts: 1, diagnosed: 1 });
    expect(row.calls).toBeGreaterThan(5);
  });

  test("hands on no character twice and loses none, whether or not streams are continued", async () => {
    const played = scenario("S8", "broken streams", {
      arrivals: (seed) => poisson({ perSecond: 1, until: 60_000 }, seed),
    });
    for (const policy of ["holdfast", "holdfast-continue"])
      expect(await rowOf(policy, played)).toMatchObject({
        lostCharacters: 0,
        duplicatedCharacters: 0,
        lost: 0,
      });
  });
});

describe("published packages", () => {
  test.each([
    "ai-sdk",
    "ai-retry",
    "ai-fallback",
    "langchain",
    "langchain-runnables",
    "langchain-middleware",
    "p-retry",
    "cockatiel",
  ])("%s lives in virtual time as it is", async (policy) => {
    const { ended, requests } = await runOnce(
      contender(policy),
      scenario("S4b", "p=0.1", shortly),
      0,
    );
    expect(ended).toHaveLength(
      requests.length - requests.filter(({ status }) => status !== 200).length,
    );
    expect(ended.every(({ how }) => how === "answered")).toBe(true);
    expect(requests.some(({ status }) => status === 503)).toBe(true);
  });

  test("leave the platform's timers as they were", async () => {
    const { setTimeout: before, fetch: fetchBefore } = globalThis;
    const now = Date.now();
    await runOnce(contender("langchain"), scenario("S4b", "p=0.1", shortly), 0);
    expect(globalThis.setTimeout).toBe(before);
    expect(globalThis.fetch).toBe(fetchBefore);
    expect(Math.abs(Date.now() - now)).toBeLessThan(3_600_000);
  });
});
