import {
  type Answer,
  attempted,
  classifyAnswer,
  failureOf,
  GaveUpError,
  type GiveUpReason,
  type LastResort,
  type Rules,
} from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { badRequest, internal, overloaded, quotaError } from "../../support/failures.ts";
import { accounts, rejection, setUp } from "./set-up.ts";

describe("a rule", () => {
  const cases: [string, Rules, string[]][] = [
    [
      "next leaves the target at once",
      { "server-error": { action: "next" } },
      ["default/m", "default/n"],
    ],
    [
      "attempts says how often one target is asked",
      { "server-error": { attempts: 5 } },
      [...Array<string>(5).fill("default/m"), "default/n"],
    ],
    [
      "models says who may serve afterwards",
      { "server-error": { action: "next", models: ["o"] } },
      ["default/m", "default/o"],
    ],
    [
      "a function decides by the situation",
      ({ failure, attempts }) =>
        failure.kind === "server-error" && attempts >= 2 ? { action: "next" } : undefined,
      ["default/m", "default/m", "default/n"],
    ],
    [
      "of another kind changes nothing",
      { timeout: { action: "next" } },
      [...Array<string>(3).fill("default/m"), "default/n"],
    ],
  ];
  test.each(cases)("%s", async (_, rules, expected) => {
    const { clock, policy, server, targets } = setUp({ chain: ["m", "n", "o"], rules });
    await clock.run(policy.execute(server({ "default/m": internal(), "*": "ok" })));
    expect(targets()).toEqual(expected);
  });

  test("give-up ends the call", async () => {
    const { clock, policy, server, sent } = setUp({
      chain: ["m", "n"],
      rules: { "server-error": { action: "give-up" } },
    });
    const error = await clock.run(rejection(policy.execute(server({ "*": internal() }))));
    expect(error).toMatchObject({ reason: "not-retryable", status: 500 });
    expect(sent).toHaveLength(1);
  });

  test("next of a refused quota takes another target rather than wait", async () => {
    const { clock, policy, server, targets } = setUp({
      chain: ["m", "n"],
      rules: { "rate-limit-minute": { action: "next" } },
    });
    const refusal = quotaError({ limit: 5, retryDelay: "1s" });
    await clock.run(policy.execute(server({ "default/m": [refusal, "ok"], "*": "ok" })));
    expect(targets()).toEqual(["default/m", "default/n"]);
  });

  test("wait stays with the model for as long as the deadline allows, and takes no lesser one", async () => {
    const { clock, policy, server, targets } = setUp({
      chain: ["m", "n"],
      patience: 0,
      rules: { "rate-limit-minute": { action: "wait" }, "server-error": { action: "wait" } },
    });
    const refusal = quotaError({ limit: 5, retryDelay: "55s" });
    const failures = Array<Error>(9).fill(internal());
    const replies = { "default/m": [refusal, ...failures, "ok"], "*": "lesser" };
    expect((await clock.run(policy.execute(server(replies)))).value).toBe("ok");
    expect(targets()).toEqual(Array(11).fill("default/m"));
  });

  test("wait takes another account of the model meanwhile", async () => {
    const { clock, policy, server, targets } = setUp({
      accounts: accounts("a", "b"),
      chain: ["m", "n"],
      rules: { "rate-limit-minute": { action: "wait" } },
    });
    const refusal = quotaError({ limit: 5, retryDelay: "55s" });
    await clock.run(policy.execute(server({ "a/m": refusal, "*": "ok" })));
    expect(targets()).toEqual(["a/m", "b/m"]);
  });

  test("wait ends with the deadline, and at once where no wait can help", async () => {
    const rules = { "rate-limit-day": { action: "wait" }, "invalid-request": { action: "wait" } };
    const day = quotaError({ limit: 20, id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" });
    for (const [failure, reason] of [
      [day, "all-closed"],
      [badRequest(), "not-retryable"],
    ] as const) {
      const { clock, policy, server, sent } = setUp({ chain: ["m", "n"], rules: rules as Rules });
      const call = policy.execute(server({ "default/m": failure, "*": "lesser" }));
      expect(await clock.run(rejection(call))).toMatchObject({ reason });
      expect(sent).toHaveLength(1);
      expect(clock.now()).toBe(0);
    }
  });

  test("backoff says how long to wait after one kind of failure", async () => {
    const { clock, policy, server, times } = setUp({
      rules: { "server-error": { backoff: { base: 7_000, cap: 7_000, jitter: "none" } } },
    });
    await clock.run(policy.execute(server({ "*": [internal(), internal(), "ok"] })));
    expect(times()).toEqual([0, 7_000, 14_000]);
  });

  test("attempts of a rule bound the calls at the last target too", async () => {
    const { clock, policy, server, sent } = setUp({
      rules: { "capacity-exhausted": { attempts: 2 } },
    });
    await clock.run(rejection(policy.execute(server({ "*": overloaded() }))));
    expect(sent).toHaveLength(2);
  });
});

describe("a row of the catalogue that the policy overrides", () => {
  test("decides what a kind means", async () => {
    const { clock, policy, server, sent } = setUp({
      catalogue: {
        "server-error": {
          retryable: false,
          attempts: 1,
          sure: "stated",
          scope: "request",
          helps: { model: false, account: false, endpoint: false },
        },
      },
      chain: ["m", "n"],
    });
    expect(await clock.run(rejection(policy.execute(server({ "*": internal() }))))).toMatchObject({
      reason: "not-retryable",
    });
    expect(sent).toHaveLength(1);
  });
});

describe("classify of the policy", () => {
  test("recognises errors before the built-in classification does", async () => {
    const { clock, policy, server, targets } = setUp({
      chain: ["m", "n"],
      classify: (error) =>
        String(error).includes("E-42")
          ? failureOf("content-blocked-prompt", "blocked by the gateway")
          : undefined,
    });
    const error = await clock.run(rejection(policy.execute(server({ "*": new Error("E-42") }))));
    expect(error).toMatchObject({
      reason: "not-retryable",
      failure: { kind: "content-blocked-prompt" },
    });
    await clock.run(policy.execute(server({ "*": [internal(), internal(), "ok"] })));
    expect(targets()).toEqual(Array(3).fill("default/m"));
  });
});

describe("accept", () => {
  test("turns an answer that came into a failure, by kind or in full", async () => {
    for (const verdict of ["empty-response", failureOf("empty-response", "no JSON")] as const) {
      const { clock, policy, server, sent } = setUp({
        accept: (_, value) => (String(value).startsWith("{") ? undefined : verdict),
      });
      const { value, trace } = await clock.run(
        policy.execute(server({ "*": ["oops", "hm", "{}"] })),
      );
      expect(value).toBe("{}");
      expect(sent).toHaveLength(3);
      expect(trace.attempts.map(({ failure }) => failure?.kind)).toEqual([
        "empty-response",
        "empty-response",
        undefined,
      ]);
    }
  });

  test("sees how the answer ended", async () => {
    const { clock, policy, server } = setUp({
      chain: ["m", "n"],
      accept: (answer) => (answer?.finishReason === "OTHER" ? "recitation" : undefined),
      rules: { recitation: { action: "next" } },
    });
    const odd = attempted("?", { answer: { finishReason: "OTHER", text: "?" } });
    const { target } = await clock.run(policy.execute(server({ "default/m": odd, "*": "ok" })));
    expect(target?.model).toBe("n");
  });

  test("leaves the built-in judgement of answers in place", async () => {
    const { clock, policy, server, sent } = setUp({ accept: () => undefined });
    const empty = { finishReason: "STOP" };
    expect(classifyAnswer(empty)?.kind).toBe("empty-response");
    await clock.run(policy.execute(server({ "*": [attempted("", { answer: empty }), "ok"] })));
    expect(sent).toHaveLength(2);
  });
});

describe("an answer that is of no use", () => {
  test.each<[string, Answer, [number, GiveUpReason]]>([
    ["an empty STOP", { finishReason: "STOP" }, [3, "targets-exhausted"]],
    [
      "a malformed function call",
      { finishReason: "MALFORMED_FUNCTION_CALL" },
      [3, "targets-exhausted"],
    ],
    ["a blocked prompt", { blockReason: "SAFETY" }, [1, "not-retryable"]],
    ["a limit reached before any text", { finishReason: "MAX_TOKENS" }, [1, "not-retryable"]],
  ])(
    "such as %s is asked for again no more often than it makes sense",
    async (_, answer, [attempts, reason]) => {
      const { clock, policy, server, sent } = setUp();
      const error = await clock.run(
        rejection(policy.execute(server({ "*": attempted("", { answer }) }))),
      );
      expect(error).toMatchObject({ reason });
      expect(sent).toHaveLength(attempts);
    },
  );
});

describe("repair", () => {
  test("changes the request for the same target, at once", async () => {
    const { clock, policy, server, sent } = setUp({
      repair: (input, failure) =>
        failure.kind === "truncated-max-tokens"
          ? { limit: (input as { limit: number }).limit * 2 }
          : undefined,
    });
    const cut = attempted("", { answer: { finishReason: "MAX_TOKENS" } });
    const { value } = await clock.run(
      policy.execute(server({ "*": [cut, cut, "ok"] }), { input: { limit: 100 } }),
    );
    expect(value).toBe("ok");
    expect(sent.map(({ input }) => input)).toEqual([
      { limit: 100 },
      { limit: 200 },
      { limit: 400 },
    ]);
    expect(clock.now()).toBe(0);
  });

  test("that mends nothing ends with the attempts of the call", async () => {
    const { clock, policy, server, sent } = setUp({
      attempts: 6,
      repair: (input) => `${String(input)}!`,
    });
    const error = await clock.run(
      rejection(policy.execute(server({ "*": badRequest() }), { input: "x" })),
    );
    expect(error).toMatchObject({ status: 400, reason: "not-retryable" });
    expect(sent).toHaveLength(6);
  });

  test("is told which target refused what", async () => {
    const seen: string[] = [];
    const { clock, policy, server } = setUp({
      chain: ["m", "n"],
      repair: (_, { kind }, { name }) => void seen.push(`${name} ${kind}`),
    });
    await clock.run(rejection(policy.execute(server({ "*": badRequest() }))));
    expect(seen).toEqual(["default/m invalid-request"]);
  });
});

describe("a last resort", () => {
  test("answers when all is lost, marked as such, and knows why", async () => {
    let told: LastResort | undefined;
    const { clock, policy, server, ofType } = setUp({
      degrade(situation) {
        told = situation;
        return "Please come back later.";
      },
    });
    const call = policy.execute(server({ "*": badRequest() }), { model: "m", input: "question" });
    const { value, degraded, target, trace } = await clock.run(call);
    expect([value, degraded, target]).toEqual(["Please come back later.", true, undefined]);
    expect(trace.attempts).toHaveLength(1);
    expect(told).toMatchObject({
      input: "question",
      failure: { kind: "invalid-request" },
      trace: { model: "m" },
    });
    expect(told?.diagnosis).not.toBe("");
    expect(ofType("call-end")).toMatchObject([{ outcome: "degraded" }]);
  });

  test("that is a promise is waited for", async () => {
    const { clock, policy, server } = setUp({
      degrade: async () => clock.sleep(50).then(() => "cached"),
    });
    expect((await clock.run(policy.execute(server({ "*": badRequest() })))).value).toBe("cached");
  });

  test("that throws lets the call fail after all, with what it threw, and the call has its end", async () => {
    const own = new Error("not even that");
    const { clock, policy, server, ofType } = setUp({
      degrade() {
        throw own;
      },
    });
    expect(await clock.run(rejection(policy.execute(server({ "*": badRequest() }))))).toBe(own);
    expect(ofType("call-end")).toMatchObject([{ outcome: "gave-up" }]);
  });

  test("is not asked when the caller went away", async () => {
    const { clock, policy, server } = setUp({ degrade: () => "fallback" });
    const controller = new AbortController();
    const call = rejection(
      policy.execute(server({ "*": "ok" }, { takes: 1_000 }), { signal: controller.signal }),
    );
    await clock.advance(10);
    controller.abort("gone");
    expect(await call).toBe("gone");
  });

  test("cannot be resumed", async () => {
    const { clock, policy, server } = setUp({ degrade: () => "fallback" });
    const last = await clock.run(policy.execute(server({ "*": badRequest() })));
    expect(await rejection(last.resume(() => "x", new Error("late")))).toBeInstanceOf(TypeError);
  });
});

describe("findings of a look at the request", () => {
  const finding = {
    field: "contents[0].parts",
    message: "It has no parts.",
    remedy: "Give it one.",
    kind: "invalid-request",
  } as const;

  test("that are certain end the call before anything is sent", async () => {
    const { policy, server, sent } = setUp();
    const error = await rejection(
      policy.execute(server({ "*": "ok" }), { findings: [{ level: "error", ...finding }] }),
    );
    expect(error).toMatchObject({
      reason: "preflight",
      attempts: [],
      failure: { kind: "invalid-request", fields: ["contents[0].parts"] },
    });
    expect(String(error)).toContain("Give it one.");
    expect(sent).toEqual([]);
  });

  test("that are doubts warn once and let the call go", async () => {
    const { policy, server, ofType } = setUp();
    const findings = [{ level: "warning", ...finding }] as const;
    for (let nth = 0; nth < 3; nth += 1) await policy.execute(server({ "*": "ok" }), { findings });
    expect(ofType("warning")).toMatchObject([{ code: "request-doubt" }]);
  });
});

describe("attempts", () => {
  test("bound a call over all targets, refused quotas among them", async () => {
    const { clock, policy, server, sent } = setUp({ accounts: accounts("a", "b"), attempts: 4 });
    const refusal = quotaError({ limit: 5, retryDelay: "1s" });
    const error = await clock.run(
      rejection(policy.execute(server({ "*": refusal }), { model: "m" })),
    );
    expect(error).toMatchObject({ reason: "attempts-exhausted" });
    expect(GaveUpError.isInstance(error) && error.attempts.length).toBe(4);
    expect(sent).toHaveLength(4);
  });
});
