import {
  entryOf,
  extendModels,
  findModel,
  limitsOf,
  type Model,
  models,
  resolveModel,
  sources,
  successorOf,
} from "@holdfast/core/models";
import { describe, expect, test } from "vitest";

const day = (iso: string): number => Date.parse(`${iso}T12:00:00Z`);
const now = day("2026-11-23");

describe("the catalogue", () => {
  test("names every model once, aliases included", () => {
    const names = models.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
    expect(names).toEqual([...new Set(names)]);
  });

  test.each(models)("$id has real dates, sources and names of other models", (model) => {
    const facts = [
      model.retired,
      model.routed,
      model.closedToNewUsers,
      model.unlisted,
      ...(model.prices ?? []),
    ];
    for (const fact of facts.filter((one) => one !== undefined)) {
      expect(new Date(fact.since).toISOString().slice(0, 10)).toBe(fact.since);
      expect(sources).toHaveProperty(fact.source);
    }
    for (const other of [model.routed?.to, model.successor].filter((one) => one !== undefined)) {
      expect(entryOf(other)?.id).toBe(other);
    }
    for (const { input, output, long } of model.prices ?? []) {
      expect(output === 0 || output > input).toBe(true);
      expect(long === undefined || (long.input > input && long.output > output)).toBe(true);
    }
    expect(Date.parse(model.released ?? "2020-01-01")).not.toBeNaN();
  });

  test.each(Object.entries(sources))("the source %s has an address and a date", (_name, source) => {
    expect(new URL(source.url).protocol).toBe("https:");
    expect(Date.parse(source.asOf)).not.toBeNaN();
  });

  test("lets no successor end in a model that is closed", () => {
    const successors = models
      .map(({ id }) => successorOf(id, now))
      .filter((id) => id !== undefined);
    expect(successors.length).toBeGreaterThan(20);
    const retired = successors.filter(
      (id) => Date.parse(entryOf(id)?.retired?.since ?? "3000") < now,
    );
    expect(retired).toEqual([]);
    expect(successors.filter((id) => resolveModel(id, now) !== id)).toEqual([]);
  });
});

describe("resolveModel", () => {
  test.each([
    ["models/gemini-3.6-flash", "2026-11-23", "gemini-3.6-flash"],
    ["publishers/google/models/gemini-3.6-flash", "2026-11-23", "gemini-3.6-flash"],
    ["gemini-2.0-flash-001", "2026-11-23", "gemini-2.0-flash"],
    ["gemini-3.6-flash@default", "2026-11-23", "gemini-3.6-flash"],
    ["gemini-embedding-001", "2026-11-23", "gemini-embedding-001"],
    ["gemini-3-pro-preview-image", "2026-11-23", "gemini-3-pro-image-preview"],
    ["gemini-3.5-flash", "2026-10-07", "gemini-3.5-flash"],
    ["gemini-3.5-flash", "2026-10-08", "gemini-3.6-flash"],
    ["gemini-3.7-flash", "2026-10-08", "gemini-3.8-flash"],
    ["gemini-2.5-pro", "2026-11-30", "gemini-2.5-pro"],
    ["gemini-2.5-pro", "2026-12-01", "gemini-3.8-flash"],
    ["models/gemini-2.5-flash-001", "2026-12-01", "gemini-3.5-flash-lite"],
    ["gemini-3-pro-preview", "2026-11-23", "gemini-3.1-pro-preview"],
    ["gemini-2.0-flash", "2026-11-23", "gemini-2.0-flash"],
    ["gemini-flash-latest", "2026-11-23", "gemini-flash-latest"],
    ["models/somebody-elses-001", "2026-11-23", "somebody-elses-001"],
  ])("%s stands on %s for %s", (name, date, id) => {
    expect(resolveModel(name, day(date))).toBe(id);
  });

  test("ends where a user's routes run in a circle", () => {
    const route = { since: "2026-01-01", source: "models" } as const;
    const circle: Model[] = [
      { id: "a", kind: "text", source: "models", routed: { to: "b", ...route } },
      { id: "b", kind: "text", source: "models", routed: { to: "a", ...route } },
    ];
    expect(["a", "b"]).toContain(resolveModel("a", now, circle));
    expect(successorOf("a", now, circle)).toBeUndefined();
  });
});

describe("findModel", () => {
  test("knows windows where they are published, and says nothing where not", () => {
    expect(findModel("models/gemini-3.8-flash", { now })?.inputTokens).toBe(1_048_576);
    expect(findModel("gemini-4-argon", { now })).toMatchObject({ kind: "text" });
    expect(findModel("gemini-4-argon", { now })?.inputTokens).toBeUndefined();
  });

  test("does not know a name that only resembles one", () => {
    expect(findModel("gemini-3.6-flsh", { now })).toBeUndefined();
    expect(findModel("", { now })).toBeUndefined();
  });

  test("takes the present for the moment when none is given", () => {
    expect(findModel("gemini-3-pro-preview")?.id).toBe("gemini-3.1-pro-preview");
  });
});

describe("successorOf", () => {
  test.each([
    ["gemini-2.0-flash", "2026-11-23", "gemini-3.5-flash-lite"],
    ["gemini-2.0-flash", "2026-07-01", "gemini-2.5-flash"],
    ["gemini-1.5-pro-002", "2026-11-23", "gemini-3.8-flash"],
    ["gemini-2.5-pro", "2026-11-23", "gemini-3.8-flash"],
    ["gemini-2.5-flash-lite", "2026-11-23", "gemini-3.5-flash-lite"],
    ["gemini-3.5-flash", "2026-11-23", "gemini-3.6-flash"],
    ["gemini-3.1-flash-image-preview", "2026-11-23", "gemini-3.1-flash-image"],
    ["gemini-3.1-flash-image", "2026-11-23", "gemini-nano-banana-2.1"],
    ["gemini-2.5-flash-image-preview", "2026-11-23", "gemini-nano-banana-2.1"],
    ["text-embedding-004", "2026-11-23", "gemini-embedding-2"],
    ["gemini-3.8-flash", "2026-11-23", undefined],
    ["gemini-3.1-flash-lite", "2026-11-23", undefined],
    ["gemini-3.1-flash-lite", "2027-05-07", "gemini-3.5-flash-lite"],
    ["nobody-knows-me", "2026-11-23", undefined],
  ])("%s has on %s the successor %s", (name, date, successor) => {
    expect(successorOf(name, day(date))).toBe(successor);
  });
});

describe("limitsOf", () => {
  test.each([
    [
      "gemini-3.6-flash",
      "free",
      { requestsPerMinute: 5, tokensPerMinute: 250_000, requestsPerDay: 20 },
    ],
    ["gemini-3.6-flash", "tier-1", { tokensPerMinute: 2_000_000, batchTokens: 3_000_000 }],
    ["gemini-3.1-pro-preview", "free", { requestsPerMinute: 0, requestsPerDay: 0 }],
    [
      "gemini-3.5-flash",
      "free",
      { requestsPerMinute: 5, tokensPerMinute: 250_000, requestsPerDay: 20 },
    ],
    ["gemini-4-argon", "tier-3", {}],
    ["unheard-of", "free", {}],
  ] as const)("%s in tier %s", (name, tier, limits) => {
    expect(limitsOf(name, tier, { now })).toEqual(limits);
  });
});

describe("extendModels", () => {
  const own: Model = { id: "relay-flash", kind: "text", aliases: ["fast"], source: "models" };

  test("adds models that are then found by name and alias", () => {
    const extended = extendModels(models, [own]);
    expect(findModel("fast", { models: extended, now })).toBe(own);
    expect(findModel("gemini-3.6-flash", { models: extended, now })?.id).toBe("gemini-3.6-flash");
    expect(models).not.toContain(own);
  });

  test("lets an entry replace the one of the same id", () => {
    const extended = extendModels(models, [{ ...own, id: "gemini-4-argon", inputTokens: 7 }]);
    expect(extended).toHaveLength(models.length);
    expect(findModel("gemini-4-argon", { models: extended, now })?.inputTokens).toBe(7);
  });

  test("refuses a model without an id", () => {
    expect(() => extendModels(models, [{ ...own, id: "" }])).toThrow(TypeError);
  });
});
