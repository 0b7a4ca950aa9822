// What becomes of each fault, and how many requests it costs: counted by the simulator, not by the client.
import { GaveUpError } from "@holdfast/core";
import { type FaultInput } from "@holdfast/gemini-simulator";
import { type HoldfastChatModel } from "@holdfast/langchain";
import { expect, test } from "vitest";

import { chatModel, flash, gemini, hurriedPolicy, keys, packages, pro } from "./support/gemini.ts";

const answered = "answered";

/** `pro` has the fault and `flash` is healthy: requests at pro, requests at flash, outcome. */
type Row = [fault: FaultInput, pro: number, flash: number, outcome: string];

const rows: Row[] = [
  ["invalid-argument", 1, 0, "not-retryable: invalid-request"],
  ["payload-too-large", 1, 0, "not-retryable: payload-too-large"],
  ["context-overflow", 1, 0, "targets-exhausted: context-length-exceeded"],
  ["invalid-key", 1, 0, "targets-exhausted: invalid-api-key"],
  ["expired-key", 1, 0, "targets-exhausted: api-key-expired"],
  ["leaked-key", 1, 0, "targets-exhausted: api-key-leaked"],
  ["restricted-key", 1, 0, "targets-exhausted: api-key-restricted"],
  ["api-disabled", 1, 0, "targets-exhausted: api-not-enabled"],
  ["permission-denied", 1, 0, "all-closed: permission-denied"],
  ["billing-required", 1, 0, "targets-exhausted: billing-required"],
  ["spend-cap", 1, 0, "targets-exhausted: spend-cap"],
  ["region-blocked", 1, 0, "targets-exhausted: region-unsupported"],
  ["model-not-found", 1, 1, answered],
  [{ type: "minute-quota", wait: 40_000 }, 1, 1, answered],
  ["day-quota", 1, 1, answered],
  ["zero-quota", 1, 1, answered],
  ["bare-exhaustion", 1, 1, answered],
  ["internal-error", 3, 1, answered],
  ["overload", 4, 1, answered],
  ["no-capacity", 1, 1, answered],
  ["shared-capacity", 4, 1, answered],
  ["deadline-exceeded", 2, 1, answered],
  ["cancelled", 3, 1, answered],
  ["html-page", 3, 1, answered],
  ["empty-body", 3, 1, answered],
  ["wrong-content-type", 1, 0, answered],
  ["refused", 3, 1, answered],
  ["reset", 3, 1, answered],
  ["blocked-prompt", 1, 0, "not-retryable: content-blocked-prompt"],
  ["blocked-response", 1, 0, "not-retryable: content-blocked-response"],
  ["max-tokens", 1, 0, "not-retryable: truncated-max-tokens"],
  ["recitation", 3, 1, answered],
  ["empty-stop", 3, 1, answered],
  [{ type: "empty-stop", candidates: false }, 3, 1, answered],
  ["malformed-function-call", 3, 1, answered],
];

/** Faults that a stream meets after its first content, where nothing is repeated any more; a whole answer is cut early. */
const midway: [fault: FaultInput, whole: FaultInput, pro: number, midStream: string][] = [
  ["reset-mid-body", "reset-mid-body", 3, "interrupted: stream-interrupted"],
  [
    "malformed-stream",
    { type: "malformed-stream", share: 0.02 },
    3,
    "interrupted: stream-interrupted",
  ],
  [
    "truncated-stream",
    { type: "truncated-stream", share: 0.02 },
    3,
    "interrupted: stream-interrupted",
  ],
  ["stream-error", "stream-error", 3, "interrupted: capacity-exhausted"],
];

/** The ways into a model. */
const ways: Record<string, (model: HoldfastChatModel) => Promise<string>> = {
  async invoke(model) {
    return (await model.invoke("hello")).text;
  },
  async stream(model) {
    let text = "";
    for await (const chunk of await model.stream("hello")) text += chunk.text;
    return text;
  },
  async streamEvents(model) {
    let text = "";
    for await (const event of model.streamEvents("hello"))
      if (event.event === "content-block-delta" && event.delta.type === "text-delta")
        text += event.delta.text;
    return text;
  },
};

async function outcomeOf(call: Promise<string>): Promise<string> {
  try {
    const text = await call;
    return text.includes("heard: hello") ? answered : `another answer: ${text}`;
  } catch (error) {
    if (!GaveUpError.isInstance(error)) return `another error: ${String(error)}`;
    return `${error.reason}: ${error.failure?.kind}`;
  }
}

const label = (fault: FaultInput): string =>
  typeof fault === "string" ? fault : JSON.stringify(fault);

interface Case {
  name: (typeof packages)[number];
  way: string;
  label: string;
  fault: FaultInput;
  requests: [pro: number, flash: number];
  outcome: string;
}

const cases: Case[] = packages.flatMap((name) =>
  Object.keys(ways).flatMap((way) => [
    ...rows.map(([fault, atPro, atFlash, outcome]): Case => {
      return { name, way, label: label(fault), fault, requests: [atPro, atFlash], outcome };
    }),
    ...midway.map(([midStream, whole, asked, broken]): Case => {
      const common = { name, way, label: label(midStream) };
      return way === "invoke"
        ? { ...common, fault: whole, requests: [asked, 1], outcome: answered }
        : { ...common, fault: midStream, requests: [1, 0], outcome: broken };
    }),
  ]),
);

test.each(cases)("$name, $way, $label", async ({ name, way, fault, requests, outcome }) => {
  const simulator = await gemini({
    rules: [{ model: pro, fault }],
    speed: { tokensPerSecond: 10_000, tokensPerChunk: 1 },
  });
  const accounts = [{ name: "main", apiKey: keys.main, baseURL: simulator.url }];
  const policy = hurriedPolicy(simulator, { accounts, fallbacks: { [pro]: [flash] } });
  const model = chatModel(policy, name, { model: pro });
  expect(await outcomeOf(ways[way]!(model))).toBe(outcome);
  const { log } = simulator;
  expect([log.count({ model: pro }), log.count({ model: flash })]).toEqual(requests);
});
