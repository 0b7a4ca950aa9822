import { attempted, createPolicy, GaveUpError, type PolicyOptions } from "@holdfast/core";
import { createVirtualClock } from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

import { badKey, badRequest, overloaded, quotaError, unknownModel } from "../support/failures.ts";

function setUp(options: PolicyOptions = {}) {
  const clock = createVirtualClock();
  const policy = createPolicy(options, { clock });
  const sent: { target: string; at: number }[] = [];
  /** Answers each target by a function of how often it was asked. */
  const server =
    (answers: Record<string, (nth: number) => string | Error>) =>
    (target: { name: string }): string => {
      sent.push({ target: target.name, at: clock.now() });
      const nth = sent.filter((one) => one.target === target.name).length;
      const answer = answers[target.name]?.(nth) ?? new Error(`nobody serves ${target.name}`);
      if (answer instanceof Error) throw answer;
      return answer;
    };
  return { clock, policy, sent, server };
}

describe("a call", () => {
  test("is answered by its first attempt when nothing is wrong", async () => {
    const { policy, sent, server } = setUp();
    const { value, target, trace } = await policy.execute(server({ "default/m": () => "hello" }), {
      model: "m",
    });
    expect(value).toBe("hello");
    expect(target?.name).toBe("default/m");
    expect(trace.attempts).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });

  test("stays with an overloaded model for a while, then goes on to its fallback", async () => {
    const { clock, policy, sent, server } = setUp({ fallbacks: { pro: ["flash"] } });
    const call = policy.execute(
      server({ "default/pro": overloaded, "default/flash": () => "ok" }),
      { model: "pro" },
    );
    const { value, trace } = await clock.run(call);
    expect(value).toBe("ok");
    expect(sent.map(({ target }) => target)).toEqual([
      ...Array<string>(4).fill("default/pro"),
      "default/flash",
    ]);
    expect(trace.servedBy).toBe("default/flash");
  });

  test("is never sent before the moment that the provider named", async () => {
    const { clock, policy, sent, server } = setUp();
    const refusal = quotaError({ limit: 10, retryDelay: "34.07s" });
    const answers = { "default/m": (nth: number) => (nth === 1 ? refusal : "ok") };
    await clock.run(policy.execute(server(answers), { model: "m" }));
    expect(sent).toHaveLength(2);
    expect(sent[1]?.at).toBeGreaterThanOrEqual(34_070);
    expect(sent[1]?.at).toBeLessThan(36_000);
  });

  test("with an invalid request is tried once, and its error is the cause", async () => {
    const { policy, server, sent } = setUp({ fallbacks: { m: ["n"] } });
    const error = badRequest();
    const call = policy.execute(server({ "default/m": () => error, "default/n": () => "never" }), {
      model: "m",
    });
    await expect(call).rejects.toMatchObject({
      name: "GaveUpError",
      reason: "not-retryable",
      status: 400,
    });
    await expect(call).rejects.toSatisfy(
      (thrown) => GaveUpError.isInstance(thrown) && thrown.cause === error,
    );
    expect(sent).toHaveLength(1);
  });

  test("leaves an account whose key is dead, and so does every later call", async () => {
    const { policy, server, sent } = setUp({
      accounts: [
        { name: "old", apiKey: "AIzaOldOldOld" },
        { name: "new", apiKey: "AIzaNewNewNew" },
      ],
    });
    const call = server({ "old/m": badKey, "new/m": () => "ok" });
    for (let nth = 0; nth < 3; nth += 1) await policy.execute(call, { model: "m" });
    expect(sent.map(({ target }) => target)).toEqual(["old/m", "new/m", "new/m", "new/m"]);
  });

  test("answered by its fallback under the fallback's own name warns of nothing", async () => {
    const { policy } = setUp({ fallbacks: { "gemini-3.8-flash": ["gemini-3.5-flash-lite"] } });
    const warnings: string[] = [];
    policy.on((event) => event.type === "warning" && void warnings.push(event.message));
    const answer = (served: string) =>
      policy.execute(
        ({ model }) => {
          if (model === "gemini-3.8-flash") throw unknownModel(model);
          return attempted("ok", { modelVersion: served });
        },
        { model: "gemini-3.8-flash" },
      );
    await answer("gemini-3.5-flash-lite");
    expect(warnings).toEqual([]);
    await answer("gemini-3.6-flash");
    expect(warnings).toEqual([expect.stringContaining("gemini-3.6-flash")]);
  });
});
