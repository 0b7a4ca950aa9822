import { createGoogle } from "@ai-sdk/google";
import {
  holdfastBatch,
  type BatchReference,
  type BatchWork,
  type HoldfastBatch,
} from "@holdfast/ai-sdk";
import { type Policy } from "@holdfast/core";
import { type Simulator } from "@holdfast/gemini-simulator";
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

let server: Simulator;
beforeEach(async () => {
  server = await simulator({ batches: { pending: 20, running: 20 } });
});
afterEach(() => server.close());

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
    const reference = await workOf(policyAt(server).policy).start({ id: "w1", requests });
    expect(reference.batch).toBeUndefined();
    expect(reference.answers.map(({ id }) => id).toSorted()).toEqual(["a", "b", "c"]);
    expect(made()).toBe(0);
  });

  test("goes to a batch when the day's quota is used up, and comes back after a restart", async () => {
    storm(server, [{ fault: "day-quota", operation: "generateContent" }], {
      batches: { pending: 20, running: 20 },
    });
    const reference = await workOf(policyAt(server).policy).start({ id: "w2", requests });
    expect(reference.batch).toMatchObject({
      account: "main",
      requests: expect.arrayContaining(["a", "b", "c"]) as string[],
    });
    expect(JSON.stringify(reference)).not.toContain(keys.main);
    const answers = await workOf(policyAt(server).policy).results(again(reference), {
      interval: 10,
    });
    expect(answers).toHaveLength(3);
    expect(answers).toEqual(
      answers.map(
        ({ id }) => expect.objectContaining({ id, status: "succeeded", text: reply }) as object,
      ),
    );
  });

  test("is made into one batch although the answer to its making was lost", async () => {
    storm(server, [{ fault: "reset-mid-body", operation: "batchGenerateContent", nth: 1 }], {
      batches: { pending: 20, running: 20 },
    });
    const { policy } = policyAt(server, { both: true });
    const reference = await workOf(policy).start({ id: "w3", requests, mode: "batch" });
    expect(server.log.count({ operation: "batchGenerateContent" })).toBe(1);
    expect(await workOf(policy).results(reference, { interval: 10 })).toHaveLength(3);
  });

  test("is not begun twice when it is begun again after a crash", async () => {
    const { policy } = policyAt(server);
    const first = await workOf(policy).start({ id: "w4", requests, mode: "batch" });
    const second = await workOf(policyAt(server).policy).start({
      id: "w4",
      requests,
      mode: "batch",
    });
    expect(second.batch?.name).toBe(first.batch?.name);
    expect(made()).toBe(1);
  });

  test("is not made anywhere while it is in doubt whether it is made", async () => {
    storm(server, [
      { fault: "reset-mid-body", operation: "batchGenerateContent", nth: 1 },
      { fault: "internal-error", operation: "listBatches", nth: { first: 2 } },
    ]);
    const { policy } = policyAt(server, { both: true, attempts: 5 });
    await expect(workOf(policy).start({ id: "w5", requests, mode: "batch" })).rejects.toThrow(
      "gave up",
    );
    expect(server.log.count({ operation: "batchGenerateContent" })).toBe(1);
  });

  test("that may only be called is not handed to a batch", async () => {
    storm(server, [{ fault: "day-quota", operation: "generateContent" }]);
    const { policy } = policyAt(server, { deadline: 60_000 });
    const { answers, batch } = await workOf(policy).start({
      id: "w6",
      requests,
      mode: "interactive",
    });
    expect(batch).toBeUndefined();
    expect(
      answers.every((answer) => answer.status === "failed" && answer.kind === "rate-limit-day"),
    ).toBe(true);
  });
});
