import { readFileSync } from "node:fs";

import { parsePolicy, policyJsonSchema } from "@holdfast/config";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";

const published = JSON.parse(
  readFileSync(new URL(import.meta.resolve("@holdfast/config/holdfast.schema.json")), "utf8"),
) as object;

const isValid = new Ajv2020({ strict: false }).compile(published);

describe("the published JSON Schema", () => {
  test("is what the schema of today generates", () => {
    expect(published).toStrictEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  test.each([
    {},
    { $schema: "./holdfast.schema.json", preset: "free-tier" },
    { accounts: [{ name: "main", apiKeyEnv: "K" }] },
    { patience: "30s", deadline: 1_000, hedge: false, breaker: { calls: 3 } },
    { rules: { timeout: { action: "next" } }, limits: { "*": { rpm: 5 } } },
    { concurrency: "adaptive", fallbacks: { a: ["b"] } },
  ])("accepts %j, as the parser does", (data) => {
    expect(isValid(data)).toBe(true);
    expect(() => parsePolicy(data, { env: { K: "k" } })).not.toThrow();
  });

  test.each([
    { patiense: 1 },
    { preset: "free" },
    { patience: "soon" },
    { patience: -1 },
    { attempts: 0 },
    { accounts: [] },
    { accounts: [{ name: "main" }] },
    { accounts: [{ name: "main", apiKeyEnv: "K", apiKey: "k" }] },
    { accounts: [{ name: "main", apiKeyEnv: "not-a-name" }] },
    { rules: { "server-eror": {} } },
    { hedge: true },
    { degrade: "sorry" },
  ])("refuses %j, as the parser does", (data) => {
    expect(isValid(data)).toBe(false);
    expect(() => parsePolicy(data, { env: { K: "k" } })).toThrow(/^Holdfast: /);
  });
});
