import { z } from "zod";

import { faultJsonSchema, faultSchema } from "./faults/index.ts";
import { operations } from "./request.ts";
import { type Scenario, type ScenarioInput } from "./scenario.ts";
import { isScenarioName, scenarios } from "./scenarios.ts";

const names = z.union([z.string(), z.array(z.string())]);
const milliseconds = z.number().nonnegative();
const dollars = z.number().nonnegative();
const count = z.number().int().nonnegative();

const account = z.strictObject({
  name: z.string().min(1),
  key: z.string().min(1),
  project: z.string().min(1).optional(),
  fault: faultSchema.optional(),
});

const project = z.strictObject({
  name: z.string().min(1),
  tier: z.enum(["free", "tier-1", "tier-2", "tier-3"]).optional(),
  billingAccount: z.string().min(1).optional(),
  monthlyCap: dollars.optional(),
  fault: faultSchema.optional(),
});

const billingAccount = z.strictObject({
  name: z.string().min(1),
  dollarsPerTenMinutes: dollars.optional(),
  prepaid: dollars.optional(),
});

const price = z.strictObject({
  inputPerMillion: dollars.default(0.3),
  outputPerMillion: dollars.default(2.5),
});

const endpoint = z.strictObject({
  name: z.string().min(1),
  path: z.string().regex(/^(\/[^/?#]+)*$/, "a path such as /relay, without a slash at its end"),
  accounts: z.array(z.string()).optional(),
  fault: faultSchema.optional(),
});

const model = z.strictObject({
  name: z.string().min(1),
  family: z.enum(["text", "image", "speech", "transcription", "embedding", "imagen"]).optional(),
  inputTokenLimit: count.optional(),
  outputTokenLimit: count.optional(),
  servedBy: z.string().optional(),
  retired: z.boolean().optional(),
  thinking: z.boolean().optional(),
});

const limit = z.strictObject({
  model: names.optional(),
  project: names.optional(),
  requestsPerMinute: count.optional(),
  inputTokensPerMinute: count.optional(),
  requestsPerDay: count.optional(),
});

const quotas = z.strictObject({
  minute: z.number().positive().default(60_000),
  window: z.enum(["fixed", "sliding"]).default("fixed"),
  day: z.enum(["pacific", "utc"]).default("pacific"),
  dayHint: z.enum(["hours", "seconds"]).default("hours"),
  limits: z.array(limit).default([]),
});

const operation = z.enum(operations);

const nth = z.strictObject({
  first: z.number().int().positive().optional(),
  last: z.number().int().positive().optional(),
  every: z.number().int().positive().optional(),
});

const rule = z.strictObject({
  fault: faultSchema,
  model: names.optional(),
  account: names.optional(),
  project: names.optional(),
  endpoint: names.optional(),
  operation: z.union([operation, z.array(operation)]).optional(),
  stream: z.boolean().optional(),
  from: milliseconds.optional(),
  until: milliseconds.optional(),
  load: z.strictObject({ above: count, within: z.number().positive().default(1000) }).optional(),
  nth: z.union([z.number().int().positive(), z.array(z.number().int().positive()), nth]).optional(),
  probability: z.number().min(0).max(1).optional(),
});

const speed = z.strictObject({
  firstToken: milliseconds.default(0),
  tokensPerSecond: z.number().nonnegative().default(0),
  tokensPerChunk: z.number().int().positive().default(4),
});

const batches = z.strictObject({
  pending: milliseconds.default(0),
  running: milliseconds.default(0),
});

const files = z.strictObject({ processing: milliseconds.default(0) });

const scenario = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().default("unnamed"),
  seed: z.number().int().default(1),
  accounts: z.array(account).default([]),
  projects: z.array(project).default([]),
  billingAccounts: z.array(billingAccount).default([]),
  price: price.prefault({}),
  endpoints: z.array(endpoint).default([]),
  models: z.array(model).default([]),
  quotas: quotas.prefault({}),
  rules: z.array(rule).default([]),
  speed: speed.prefault({}),
  batches: batches.prefault({}),
  files: files.prefault({}),
  reply: z.string().optional(),
});

/** Checks a scenario, or finds one by name, and fills in its defaults; a `TypeError` says in a line a mistake what is wrong where. */
export function parseScenario(input: ScenarioInput | string): Scenario {
  const result = scenario.safeParse(typeof input === "string" ? named(input) : input);
  if (!result.success) throw new TypeError(`Bad scenario:\n${z.prettifyError(result.error)}`);
  const { $schema: _, ...data } = result.data;
  // The longest path decides which endpoint a request means.
  const endpoints = data.endpoints.toSorted((one, other) => other.path.length - one.path.length);
  return { ...data, endpoints } as Scenario;
}

function named(name: string): ScenarioInput {
  if (isScenarioName(name)) return scenarios[name];
  throw new TypeError(
    `There is no scenario "${name}". There are ${Object.keys(scenarios).join(", ")}.`,
  );
}

/** The JSON Schema of scenarios, for editors. */
export function scenarioJsonSchema(): object {
  const schema = z.toJSONSchema(scenario, {
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      if ((zodSchema as unknown) !== faultSchema) return;
      delete jsonSchema.anyOf;
      delete jsonSchema.oneOf;
      jsonSchema.$ref = "#/$defs/fault";
    },
  });
  return { ...schema, $defs: { fault: faultJsonSchema() } };
}
