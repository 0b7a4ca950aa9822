import { attempted, createPolicy, type PolicyEvent } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { badRequest } from "../support/failures.ts";

function listened() {
  const types: PolicyEvent["type"][] = [];
  return { types, onEvent: ({ type }: PolicyEvent) => void types.push(type) };
}

const refused = (): never => {
  throw badRequest();
};

const lost = (): never => {
  throw new Error("no last resort either");
};

describe("a listener", () => {
  test("is told who serves, what was used, and that a stream outlives its attempt", async () => {
    const events: PolicyEvent[] = [];
    const accounts = [{ name: "main", apiKey: "key-of-main", provider: "openai" }];
    const policy = createPolicy({ accounts, onEvent: (event) => void events.push(event) });
    const settled = Promise.resolve({ usage: { outputTokens: 7 }, modelVersion: "m-001" });
    const options = { candidates: [{ model: "m", provider: "openai" }], streaming: true };
    await policy.execute(
      () => attempted("stream", { usage: { inputTokens: 5 }, settled }),
      options,
    );
    await settled;
    expect(events).toMatchObject([
      { type: "call-start", streaming: true },
      { type: "attempt-start", model: "m", account: "main", provider: "openai" },
      { type: "attempt-end", usage: { inputTokens: 5 }, settles: true },
      { type: "call-end" },
      { type: "attempt-settled", usage: { outputTokens: 7 }, modelVersion: "m-001" },
    ]);
  });

  test("hears each event once, however often policies derive from its own", async () => {
    const { types, onEvent } = listened();
    const policy = createPolicy({ onEvent }).with({ patience: 1 }).with({ attempts: 2 });
    await policy.execute(() => "ok", { model: "m" });
    expect(types).toStrictEqual(["call-start", "attempt-start", "attempt-end", "call-end"]);
  });

  test("may be added by a derived policy, and hears what the first one does", async () => {
    const [first, second] = [listened(), listened()];
    const policy = createPolicy({ onEvent: first.onEvent });
    policy.with({ onEvent: second.onEvent });
    await policy.execute(() => "ok", { model: "m" });
    expect(first.types).toHaveLength(4);
    expect(second.types).toStrictEqual(first.types);
  });

  test("hears the end of a call whose last resort threw", async () => {
    const { types, onEvent } = listened();
    const policy = createPolicy({ onEvent, degrade: lost });
    await expect(policy.execute(refused, { model: "m" })).rejects.toThrow("no last resort either");
    expect(types.at(-1)).toBe("call-end");
  });
});
