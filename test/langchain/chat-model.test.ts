import { GaveUpError } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import {
  chatModel,
  flash,
  gemini,
  hurriedPolicy,
  mainFails,
  packages,
  pro,
} from "./support/gemini.ts";

describe.each(packages)("a chat model of the %s package", (name) => {
  test("answers from the next account when the first is down", async () => {
    const simulator = await gemini(mainFails("invalid-key"));
    const model = chatModel(hurriedPolicy(simulator), name);
    const answer = await model.invoke("hello");
    expect(answer.text).toContain("heard: hello");
    expect(simulator.log.all().map(({ account, status }) => [account, status])).toEqual([
      ["main", 400],
      ["spare", 200],
    ]);
  });

  test.each(["attempts", "flat"] as const)("says in the answer who served (%s)", async (trace) => {
    const simulator = await gemini(mainFails("invalid-key"));
    const model = chatModel(hurriedPolicy(simulator), name, { trace });
    const answer = await model.invoke("hello");
    expect(answer.response_metadata["holdfast"]).toEqual({ target: `spare/${flash}`, attempts: 2 });
    expect(answer).toMatchObject({
      usage_metadata: { total_tokens: expect.any(Number) as number },
    });
  });

  test("goes on to the next model when one stays overloaded", async () => {
    const simulator = await gemini({ rules: [{ model: pro, fault: "overload" }] });
    const policy = hurriedPolicy(simulator, { fallbacks: { [pro]: [flash] } });
    const answer = await chatModel(policy, name, { model: pro }).invoke("hello");
    expect(answer.response_metadata["holdfast"]).toMatchObject({ target: `main/${flash}` });
    expect(simulator.log.count({ model: pro, status: 503 })).toBeGreaterThan(1);
  });

  test("streams one clean answer although the first model fails before its first content", async () => {
    const simulator = await gemini({ rules: [{ model: pro, fault: "overload" }] });
    const policy = hurriedPolicy(simulator, { fallbacks: { [pro]: [flash] } });
    const model = chatModel(policy, name, { model: pro });
    const chunks: string[] = [];
    for await (const chunk of await model.stream("hello")) chunks.push(chunk.text);
    expect(chunks.join("")).toContain("heard: hello");
    expect(chunks.length).toBeGreaterThan(1);
  });

  test("does not repeat a request that is wrong", async () => {
    const simulator = await gemini({ rules: [{ fault: "invalid-argument" }] });
    const model = chatModel(hurriedPolicy(simulator), name);
    const error = await model.invoke("hello").catch((reason: unknown) => reason);
    expect(GaveUpError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ reason: "not-retryable", status: 400 });
    expect(simulator.log.count()).toBe(1);
  });
});
