import { servedOtherModel } from "@holdfast/core/models";
import { describe, expect, test } from "vitest";

const now = Date.parse("2026-11-23T12:00:00Z");

describe("servedOtherModel", () => {
  test.each([
    ["gemini-3.6-flash", "gemini-3.6-flash"],
    ["models/gemini-3.6-flash", "gemini-3.6-flash-001"],
    ["gemini-2.0-flash-001", "models/gemini-2.0-flash"],
    ["gemini-3-pro-image-preview", "gemini-3-pro-preview-image"],
    ["gemini-flash-latest", "gemini-3.8-flash"],
    ["gemini-flash-lite-latest", "gemini-3.5-flash-lite"],
    ["relay-model", "relay-model-001"],
    ["tunedModels/mine", "gemini-3.6-flash"],
    ["gemini-3.6-flash", undefined],
    ["gemini-3.6-flash", ""],
  ])("finds nothing odd in %s answered by %s", (asked, served) => {
    expect(servedOtherModel(asked, served, { now })).toBeUndefined();
  });

  test.each([
    ["gemini-3.8-flash", "gemini-3.6-flash"],
    ["gemini-flash-latest", "gemini-3.5-flash-lite"],
    ["gemini-flash-lite-latest", "gemini-3.8-flash"],
    ["gemini-2.5-pro", "gemini-3.8-flash"],
    ["relay-model", "gemini-3.6-flash"],
  ])("warns where %s is answered by %s", (asked, served) => {
    expect(servedOtherModel(asked, served, { now })).toBe(
      `Asked for ${asked}, answered by ${served}: behaviour, limits and price may differ.`,
    );
  });

  test("names the route where Google sends a retired name to its successor", () => {
    expect(servedOtherModel("gemini-3.5-flash", "gemini-3.6-flash", { now })).toBe(
      "Asked for gemini-3.5-flash, answered by gemini-3.6-flash: " +
        "Google routes that name to it since 2026-10-08, at the price of the new model.",
    );
    const december = Date.parse("2026-12-02");
    expect(servedOtherModel("gemini-2.5-pro", "gemini-3.8-flash", { now: december })).toContain(
      "2026-12-01",
    );
  });

  test("prints no name that is not one", () => {
    expect(servedOtherModel("tell me a secret", "gemini-3.6-flash", { now })).not.toContain(
      "secret",
    );
  });
});
