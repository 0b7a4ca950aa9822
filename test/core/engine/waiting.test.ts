import { attempted, type CallOptions, type PolicyOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { overloaded, quotaError } from "../../support/failures.ts";
import { rejection, setUp } from "./set-up.ts";

/** The order in which calls with the given options are let in, one a time. */
async function orderOf(calls: Record<string, CallOptions>): Promise<string[]> {
  const { clock, policy } = setUp({ concurrency: 1 });
  const order: string[] = [];
  const first = policy.execute(() => clock.sleep(1_000), { model: "m" });
  const rest = Object.entries(calls).map(async ([name, options]) =>
    policy.execute(
      async () => {
        order.push(name);
        await clock.sleep(1_000);
      },
      { model: "m", ...options },
    ),
  );
  await clock.run(Promise.all([first, ...rest]));
  return order;
}

describe("calls that wait", () => {
  test("go in the order of their deadlines, and of their age where those are equal", async () => {
    const order = await orderOf({
      late: { deadline: 90_000 },
      older: { deadline: 60_000 },
      younger: { deadline: 60_000 },
      urgent: { deadline: 30_000 },
    });
    expect(order).toEqual(["urgent", "older", "younger", "late"]);
  });

  test("of a higher priority go first, whatever the deadlines", async () => {
    const order = await orderOf({
      batch: { priority: -1, deadline: 20_000 },
      plain: { deadline: 90_000 },
      person: { priority: 5, deadline: 90_000 },
    });
    expect(order).toEqual(["person", "plain", "batch"]);
  });

  test("are not overtaken by a call that comes later", async () => {
    const { clock, policy } = setUp({ limits: { "*": { rpm: 2 } } });
    const order: string[] = [];
    const call = (name: string) => policy.execute(() => order.push(name), { model: "m" });
    const early = ["a", "b", "c", "d"].map(call);
    await clock.advance(60_250);
    await clock.run(Promise.all([...early, call("e")]));
    expect(order).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("for other targets are not held up by those in front", async () => {
    const { clock, policy } = setUp();
    policy.close("target:default m", 100_000);
    const slow = policy.execute(() => "m", { model: "m" });
    policy.close("target:default n", 5_000);
    const { trace } = await clock.run(policy.execute(() => "n", { model: "n" }));
    expect(trace.duration).toBe(5_000);
    await clock.run(slow);
  });

  test("are as many as maxWaiting allows, and one more is refused at once", async () => {
    const { clock, policy, server } = setUp({ maxWaiting: 2, limits: { "*": { rpm: 1 } } });
    const call = () => policy.execute(server({ "*": "ok" }), { model: "m" });
    const three = [call(), call(), call()];
    const error = await rejection(call());
    expect(error).toMatchObject({ reason: "too-many-waiting" });
    expect(String(error)).toContain("maxWaiting");
    expect(policy.status().waiting).toBe(2);
    expect(clock.now()).toBe(0);
    await clock.run(Promise.all(three));
  });

  test("give up at their deadline, not a moment later, and leave nothing behind", async () => {
    const { clock, policy } = setUp({ concurrency: 1 });
    const first = policy.execute(() => clock.sleep(60_000), { model: "m" });
    const second = policy.execute(() => "never", { model: "m", deadline: 10_000 });
    const error = await clock.run(rejection(second));
    expect(error).toMatchObject({ reason: "deadline" });
    expect(clock.now()).toBe(10_000);
    await clock.run(first);
    expect(clock.sleeping).toBe(0);
  });

  test("do not begin a wait that would outlive their deadline", async () => {
    const { clock, policy, server, sent } = setUp();
    const call = policy.execute(server({ "*": quotaError({ limit: 5, retryDelay: "40s" }) }), {
      model: "m",
      deadline: 30_000,
    });
    expect(await clock.run(rejection(call))).toMatchObject({
      reason: "all-closed",
      retryAfter: 40_000,
    });
    expect(clock.now()).toBe(0);
    expect(sent).toHaveLength(1);
  });

  test("take a lesser model when their patience ends before the better one opens", async () => {
    const { clock, policy, server, targets } = setUp({ chain: ["pro", "flash"], patience: 3_000 });
    const call = (options?: CallOptions) =>
      clock.run(policy.execute(server({ "*": "ok" }), options));
    policy.close("target:default pro", 2_000);
    expect((await call()).trace.waits).toMatchObject([{ duration: 2_000 }]);
    policy.close("target:default pro", 4_000);
    expect((await call()).trace.waits).toEqual([]);
    policy.close("target:default pro", 2_000);
    expect((await call({ patience: 1_000 })).trace.waits).toEqual([]);
    expect(targets()).toEqual(["default/pro", "default/flash", "default/flash"]);
  });

  test("use their patience up once, not anew at each wait", async () => {
    const { clock, policy, server } = setUp({ chain: ["pro", "flash"], patience: 5_000 });
    const refusals = Array<Error>(9).fill(quotaError({ limit: 50, retryDelay: "2s" }));
    const call = policy.execute(server({ "default/pro": refusals, "default/flash": "ok" }));
    const { target } = await clock.run(call);
    expect(target?.model).toBe("flash");
    expect(clock.now()).toBeLessThanOrEqual(5_000);
  });

  test("go as soon as a request turns out to have used fewer tokens than it reserved", async () => {
    const { clock, policy } = setUp({ limits: { "*": { tpm: 1_000 } } });
    const first = policy.execute(
      async () => {
        await clock.sleep(2_000);
        return attempted("short", { usage: { inputTokens: 100 } });
      },
      { model: "m", tokens: 1_000 },
    );
    const second = policy.execute(() => "ok", { model: "m", tokens: 500 });
    await clock.run(first);
    expect((await clock.run(second)).trace.duration).toBe(2_000);
  });
});

describe("a deadline", () => {
  test("ends an attempt that is under way, as a timeout of the call", async () => {
    const { clock, policy } = setUp({ deadline: 7_000 });
    const call = policy.execute(() => new Promise<never>(() => {}), { model: "m" });
    expect(await clock.run(rejection(call))).toMatchObject({
      reason: "deadline",
      failure: { kind: "timeout" },
    });
    expect(clock.now()).toBe(7_000);
    expect(clock.sleeping).toBe(0);
  });

  test("of one call overrules the policy's, both ways", async () => {
    for (const deadline of [2_000, 20_000]) {
      const { clock, policy, server } = setUp({ deadline: 7_000 });
      const call = policy.execute(server({ "*": "ok" }, { takes: 10_000 }), {
        model: "m",
        deadline,
      });
      const outcome = await clock.run(
        call.then(
          () => "answered",
          () => "gave up",
        ),
      );
      expect(outcome).toBe(deadline > 10_000 ? "answered" : "gave up");
      expect(clock.now()).toBe(Math.min(deadline, 10_000));
    }
  });

  test("lets no attempt begin after it, however the delays fall", async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const { clock, policy, server, times } = setUp({ deadline: 12_345 }, { seed });
      const call = policy.execute(server({ "*": overloaded() }, { takes: 300 }), { model: "m" });
      expect(await clock.run(rejection(call))).toMatchObject({ reason: "deadline" });
      expect(Math.max(...times())).toBeLessThan(12_345);
      expect(clock.now()).toBeLessThanOrEqual(12_345);
    }
  });
});

describe("an attempt", () => {
  const own = { attemptTimeout: 9_000, firstContentTimeout: 1_000 };
  test.each<[string, { options: PolicyOptions; call?: CallOptions; at: number }]>([
    ["attemptTimeout", { options: { attemptTimeout: 3_000 }, at: 3_000 }],
    ["the call's own attemptTimeout", { options: own, call: { attemptTimeout: 2_000 }, at: 2_000 }],
    ["firstContentTimeout of a stream", { options: own, call: { streaming: true }, at: 1_000 }],
    [
      "attemptTimeout, which a stream has for want of its own",
      { options: { attemptTimeout: 4_000 }, call: { streaming: true }, at: 4_000 },
    ],
    ["attemptTimeout when it is no stream", { options: own, at: 9_000 }],
  ])("is ended by %s", async (_, { options, call, at }) => {
    const { clock, policy, ofType } = setUp({
      chain: ["m", "n"],
      rules: { timeout: { action: "next" } },
      ...options,
    });
    const { value } = await clock.run(
      policy.execute(({ model }) => (model === "n" ? "ok" : new Promise<never>(() => {})), call),
    );
    expect(value).toBe("ok");
    expect(ofType("attempt-end")[0]).toMatchObject({ duration: at, failure: { kind: "timeout" } });
    expect(clock.now()).toBe(at);
  });

  test("that is given up has its signal aborted, so that its request ends", async () => {
    const { clock, policy } = setUp({ chain: ["m", "n"], attemptTimeout: 1_000 });
    const aborted: unknown[] = [];
    const call = policy.execute(({ model }, { signal }) => {
      if (model === "n") return "ok";
      signal.addEventListener("abort", () => aborted.push(signal.reason));
      return new Promise<never>(() => {});
    });
    await clock.run(call);
    expect(aborted.length).toBeGreaterThan(0);
    expect(aborted[0]).toMatchObject({ name: "TimeoutError" });
  });

  test("that answers too late, with a stream that then breaks, harms nobody", async () => {
    const { clock, policy } = setUp({ chain: ["m", "n"], attemptTimeout: 1_000 });
    const broken = async (): Promise<never> => {
      await clock.sleep(500);
      throw new Error("terminated");
    };
    const call = policy.execute(async ({ model }) => {
      if (model === "n") return "ok";
      await clock.sleep(5_000);
      return attempted("late", { settled: broken() });
    });
    expect((await clock.run(call)).value).toBe("ok");
    // An unhandled rejection would end the process.
    await clock.advance(20_000);
    expect(clock.sleeping).toBe(0);
  });
});
