import { createGoogle } from "@ai-sdk/google";
import {
  holdfastBatch,
  type BatchReference,
  type BatchWork,
  type HoldfastBatch,
} from "@holdfast/ai-sdk";
import { type Policy } from "@holdfast/core";
import { type ScenarioInput, type Simulator } from "@holdfast/gemini-simulator";
import {
  experimental_getBatchResults as getBatchResults,
  experimental_getBatchStatus as getBatchStatus,
  experimental_startBatch as startBatch,
  generateText,
} from "ai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { keys, policyAt, reply, simulator, storm } from "./setting.ts";

const flash = "gemini-3.8-flash";
const requests: BatchWork[] = ["a", "b", "c"].map((id) => ({
  id,
  type: "text",
  model: flash,
  prompt: `Say ${id}`,
}));

/** A batch takes hours, which the simulator is told to let pass. */
const hour = 3_600_000;
const scenario: ScenarioInput = { batches: { pending: hour, running: hour } };

let server: Simulator;
beforeEach(async () => {
  server = await simulator(scenario);
});
afterEach(() => server.close());

/** A policy as another process would make it: nothing is shared but Gemini. */
const fresh = (options?: Parameters<typeof policyAt>[1]): Policy =>
  policyAt(server, options).policy;

const workOf = (policy: Policy): HoldfastBatch =>
  holdfastBatch(policy, createGoogle, {
    startBatch,
    getBatchStatus,
    getBatchResults,
    generateText,
  });
const again = (reference: BatchReference): BatchReference =>
  JSON.parse(JSON.stringify(reference)) as BatchReference;
const made = (): number => server.log.count({ operation: "batchGenerateContent", status: 200 });

describe("work that can wait", () => {
  test("is done by calls while the quota lasts", async () => {
    const reference = await workOf(fresh()).start({ id: "w1", requests });
    expect(reference.batch).toBeUndefined();
    expect(reference.answers.map(({ id }) => id).toSorted()).toEqual(["a", "b", "c"]);
    expect(made()).toBe(0);
  });

  test("goes to a batch when the day's quota is used up, and comes back after a restart", async () => {
    storm(server, [{ fault: "day-quota", operation: "generateContent" }], scenario);
    const reference = await workOf(fresh()).start({ id: "w2", requests });
    expect(reference.batch).toMatchObject({
      account: "main",
      requests: expect.arrayContaining(["a", "b", "c"]) as string[],
    });
    expect(JSON.stringify(reference)).not.toContain(keys.main);
    server.advance(2 * hour);
    const answers = await workOf(fresh()).results(again(reference));
    expect(answers).toHaveLength(3);
    expect(answers).toEqual(
      answers.map(
        ({ id }) => expect.objectContaining({ id, status: "succeeded", text: reply }) as object,
      ),
    );
  });

  test("is made into one batch although the answer to its making was lost", async () => {
    storm(
      server,
      [{ fault: "reset-mid-body", operation: "batchGenerateContent", nth: 1 }],
      scenario,
    );
    const work = workOf(fresh({ both: true }));
    const reference = await work.start({ id: "w3", requests, mode: "batch" });
    expect(server.log.count({ operation: "batchGenerateContent" })).toBe(1);
    server.advance(2 * hour);
    expect(await work.results(reference)).toHaveLength(3);
  });

  test("is not begun twice when it is begun again after a crash", async () => {
    const work = { id: "w4", requests, mode: "batch" as const };
    const first = await workOf(fresh()).start(work);
    const second = await workOf(fresh()).start(work);
    expect(second.batch?.name).toBe(first.batch?.name);
    expect(made()).toBe(1);
  });

  test("is not made anywhere while it is in doubt whether it is made", async () => {
    storm(server, [
      { fault: "reset-mid-body", operation: "batchGenerateContent", nth: 1 },
      // Both accounts are asked before it is made; what fails is the look after it.
      { fault: "internal-error", operation: "listBatches", nth: { first: 3 } },
    ]);
    const work = workOf(fresh({ both: true, attempts: 5 }));
    await expect(work.start({ id: "w5", requests, mode: "batch" })).rejects.toThrow("gave up");
    expect(server.log.count({ operation: "batchGenerateContent" })).toBe(1);
  });

  test("that may only be called is not handed to a batch", async () => {
    storm(server, [{ fault: "day-quota", operation: "generateContent" }]);
    const work = workOf(fresh({ deadline: 60_000 }));
    const { answers, batch } = await work.start({ id: "w6", requests, mode: "interactive" });
    expect(batch).toBeUndefined();
    expect(
      answers.every((answer) => answer.status === "failed" && answer.kind === "rate-limit-day"),
    ).toBe(true);
  });

  test("of another type than text is refused before anything is sent", async () => {
    const images = requests.map((request) => ({ ...request, type: "image" as "text" }));
    await expect(workOf(fresh()).start({ id: "w7", requests: images })).rejects.toThrow(
      'of type "image"; only text can wait',
    );
    expect(server.log.count()).toBe(0);
  });
});
