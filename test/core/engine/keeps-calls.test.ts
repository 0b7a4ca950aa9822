import { attempted, createPolicy, memoryStore, type PolicyEvent } from "@holdfast/core";
import { createVirtualClock } from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

import { apiError, badKey, badRequest, overloaded, quotaError } from "../../support/failures.ts";
import { rejection } from "./set-up.ts";

const clockAndPolicy = (options: Parameters<typeof createPolicy>[0]) => {
  const clock = createVirtualClock();
  return { clock, policy: createPolicy(options, { clock }) };
};

describe("a call whose other targets are closed for good", () => {
  test("stays with the one that may come back, as if it were alone", async () => {
    const { clock, policy } = clockAndPolicy({ fallbacks: { pro: ["flash"] } });
    policy.close("model:google flash", 86_400_000);
    let asked = 0;
    const call = policy.execute(
      () => {
        asked += 1;
        if (asked <= 8) throw overloaded();
        return "ok";
      },
      { model: "pro" },
    );
    expect((await clock.run(call)).value).toBe("ok");
    expect(asked).toBe(9);
  });
});

describe("a rule of the caller's own that throws", () => {
  test("leaves the classification to core, and the permit is given back", async () => {
    const { clock, policy } = clockAndPolicy({
      concurrency: 1,
      classify: () => {
        throw new TypeError("no response");
      },
    });
    const bad = rejection(policy.execute(() => Promise.reject(badRequest()), { model: "m" }));
    expect(await clock.run(bad)).toMatchObject({ reason: "not-retryable" });
    expect((await clock.run(policy.execute(() => "ok", { model: "m" }))).value).toBe("ok");
  });
});

describe("a refusal without a number", () => {
  test("does not make a batch impossible that is larger than the guess", async () => {
    const { clock, policy } = clockAndPolicy({});
    let asked = 0;
    const call = policy.execute(
      () => {
        asked += 1;
        if (asked === 1) throw apiError(429, "Resource has been exhausted (e.g. check quota).");
        return "ok";
      },
      { model: "m", requests: 100 },
    );
    expect((await clock.run(call)).value).toBe("ok");
  });
});

describe("a limit that a refusal taught", () => {
  test("is forgotten after an hour, since tiers are upgraded", async () => {
    const { clock, policy } = clockAndPolicy({});
    let asked = 0;
    const ask = (): string => {
      asked += 1;
      if (asked === 1) throw quotaError({ limit: 2, retryDelay: "1s", model: "m" });
      return "ok";
    };
    await clock.run(policy.execute(ask, { model: "m" }));
    expect(policy.status().domains[0]?.limits).toEqual({ rpm: 2 });
    await clock.advance(2 * 3_600_000);
    const before = clock.now();
    await clock.run(Promise.all([1, 2, 3, 4].map(() => policy.execute(ask, { model: "m" }))));
    expect(clock.now() - before).toBeLessThan(1_000);
  });

  test("is not undone by a plan that is made anew with the same told limits", async () => {
    const { clock, policy } = clockAndPolicy({ limits: { m: { rpm: 25 } } });
    const refused = quotaError({ limit: 5, retryDelay: "1s", model: "m" });
    let asked = 0;
    const ask = (): string => {
      asked += 1;
      if (asked === 1) throw refused;
      return "ok";
    };
    await clock.run(policy.execute(ask, { model: "m" }));
    await clock.run(policy.execute(ask, { model: "m", sameModel: true }));
    await clock.run(policy.with({ limits: { m: { rpm: 25 } } }).execute(ask, { model: "m" }));
    expect(policy.status().domains[0]?.limits).toEqual({ rpm: 5 });
  });
});

describe("accounts of different end users", () => {
  test("are never taken for one project", async () => {
    const { clock, policy } = clockAndPolicy({});
    const events: PolicyEvent[] = [];
    policy.on((event) => void events.push(event));
    const of = (name: string) => policy.with({ accounts: [{ name, apiKey: `key-of-${name}` }] });
    const alice = of("alice");
    for (let nth = 0; nth < 10; nth += 1) await alice.execute(() => "ok", { model: "m" });
    let asked = 0;
    const call = of("bob").execute(
      () => {
        asked += 1;
        if (asked === 1) throw quotaError({ limit: 10, retryDelay: "60s", model: "m" });
        return "ok";
      },
      { model: "m" },
    );
    await clock.run(call);
    expect(events.filter(({ type }) => type === "accounts-merged")).toEqual([]);
  });
});

describe("a caller who leaves", () => {
  test("a stream with a reason of its own does not blame the target", async () => {
    const { clock, policy } = clockAndPolicy({});
    const settled: PolicyEvent[] = [];
    policy.on((event) => void (event.type === "attempt-settled" && settled.push(event)));
    for (let nth = 0; nth < 25; nth += 1) {
      const controller = new AbortController();
      const gone = new Promise<void>((_, reject) => {
        controller.signal.addEventListener("abort", () => reject(controller.signal.reason));
      });
      await policy.execute(() => attempted("stream", { settled: gone }), {
        model: "m",
        signal: controller.signal,
      });
      controller.abort(new Error("tab closed"));
      await clock.advance(1_000);
    }
    expect(settled).toHaveLength(25);
    expect(policy.status().closed).toEqual([]);
  });

  test("before a stream is resumed gets its own reason back", async () => {
    const { policy } = clockAndPolicy({});
    const controller = new AbortController();
    const executed = await policy.execute(() => "part", {
      model: "m",
      signal: controller.signal,
    });
    controller.abort();
    await expect(executed.resume(() => "rest", new Error("cut"))).rejects.toBe(
      controller.signal.reason,
    );
  });
});

describe("what is said while a policy is made", () => {
  test("is heard by whoever listens first", () => {
    const policy = createPolicy({
      accounts: [{ name: "relay", apiKey: "relay-key", baseURL: "https://relay.example" }],
    });
    const heard: string[] = [];
    policy.on((event) => void (event.type === "warning" && heard.push(event.code)));
    expect(heard).toEqual(["relay"]);
  });
});

describe("a key that was mended between two processes", () => {
  test("serves at once", async () => {
    const store = memoryStore();
    const clock = createVirtualClock();
    const make = (apiKey: string) =>
      createPolicy({ accounts: [{ name: "main", apiKey }], store }, { clock });
    const before = make("old-key");
    const call = before.execute(() => Promise.reject(badKey()), { model: "m" });
    await clock.run(rejection(call));
    await clock.run(before.flush());
    const after = make("new-key").execute(() => "ok", { model: "m" });
    expect((await clock.run(after)).value).toBe("ok");
  });
});
