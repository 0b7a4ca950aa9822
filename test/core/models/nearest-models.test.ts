import { models, nearestModels, resolveModel } from "@holdfast/core/models";
import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";

import { editDistance } from "../../../packages/core/src/models/nearest-models.ts";

const now = Date.parse("2026-11-23T12:00:00Z");

describe("nearestModels", () => {
  test.each([
    ["gemini-3.6-flsh", "gemini-3.6-flash"],
    ["gemini-3.6-falsh", "gemini-3.6-flash"],
    ["gemini-3-6-flash", "gemini-3.6-flash"],
    ["models/gemini-3.8-flahs", "gemini-3.8-flash"],
    ["Gemini 3.8 Flash", "gemini-3.8-flash"],
    ["gemini-3.8-flash-preview", "gemini-3.8-flash"],
    ["gemini-4-argn", "gemini-4-argon"],
    ["gemini-embeding-2", "gemini-embedding-2"],
    ["gemini-flash", "gemini-flash-latest"],
    ["gemini-nano-banana", "gemini-nano-banana-2.1"],
  ])("for %s proposes %s first", (name, first) => {
    expect(nearestModels(name, { now })[0]).toBe(first);
  });

  test.each([
    ["another provider's name", "gpt-4o"],
    ["another provider's long name", "claude-opus"],
    ["no name", ""],
    ["a name without end", "x".repeat(5_000)],
    ["a name in Chinese", "模型"],
  ])("proposes nothing for %s", (_what, name) => {
    expect(nearestModels(name, { now })).toEqual([]);
  });

  test("never proposes a model that is retired, routed away or closed to new users", () => {
    const closed = models.filter(
      ({ id, retired, closedToNewUsers }) =>
        resolveModel(id, now) !== id ||
        closedToNewUsers ||
        (retired && Date.parse(retired.since) < now),
    );
    expect(closed.length).toBeGreaterThan(20);
    const proposed = models.flatMap(({ id }) => nearestModels(`${id}x`, { now, limit: 100 }));
    expect(proposed.filter((id) => closed.some((model) => model.id === id))).toEqual([]);
    expect(nearestModels("gemini-2.0-flash", { now })).not.toContain("gemini-2.0-flash");
  });

  test("never proposes an excluded name, and no more than the limit", () => {
    const exclude = ["models/gemini-3.6-flash"];
    const names = nearestModels("gemini-3.6-flsh", { now, exclude, limit: 1 });
    expect(names).toEqual(["gemini-3.8-flash"]);
  });

  test("chooses from a live list when given one, without what the catalogue knows as closed", () => {
    const candidates = ["models/gemini-2.5-pro", "models/gemini-9-pro", "models/gemini-9-pro"];
    expect(nearestModels("gemini-9-por", { now, candidates })).toEqual(["gemini-9-pro"]);
  });
});

describe("editDistance", () => {
  test.each([
    ["", "", 0],
    ["", "abc", 3],
    ["flash", "flash", 0],
    ["flsh", "flash", 1],
    ["falsh", "flash", 1],
    ["kitten", "sitting", 3],
    ["ca", "abc", 3],
  ])("%j to %j is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test("is the same both ways, and at most the longer length", () => {
    const word = string({ maxLength: 12, unit: constantFrom("a", "b", "-", "3") });
    assert(
      property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance === 0).toBe(a === b);
      }),
    );
  });
});
