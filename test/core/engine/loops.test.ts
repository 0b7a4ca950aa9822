import { describe, expect, test } from "vitest";

import { badKey, internal, overloaded, quotaError } from "../../support/failures.ts";
import { accounts, setUp } from "./set-up.ts";

/** The loop that tutorials teach. */
const tutorial = { attempts: 5, backoff: { base: 1_000, factor: 2, jitter: "none" } } as const;

describe("the loop of the tutorials, `2 ** i` and 5 tries", () => {
  test.each([
    ["503", overloaded],
    ["500", internal],
  ])("waits 1, 2, 4 and 8 seconds on a %s, then gives up", async (_, failure) => {
    const { clock, policy, server, times } = setUp(tutorial);
    const call = clock.run(policy.execute(server({ "*": failure() }), { model: "m" }));
    await expect(call).rejects.toMatchObject({ reason: "attempts-exhausted" });
    expect(times()).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
  });

  test("answers as soon as the model does", async () => {
    const { clock, policy, server, times } = setUp(tutorial);
    const call = policy.execute(server({ "*": [overloaded(), overloaded(), "ok"] }), {
      model: "m",
    });
    expect((await clock.run(call)).value).toBe("ok");
    expect(times()).toEqual([0, 1_000, 3_000]);
  });
});

describe("the promise of relays, 60 tries over the accounts", () => {
  const names = Array.from({ length: 4 }, (_, nth) => `a${nth}`);

  test("makes 60 attempts where each may help", async () => {
    const { clock, policy, server, sent } = setUp({ accounts: accounts(...names), attempts: 60 });
    const call = clock.run(
      policy.execute(server({ "*": internal() }), { model: "m", deadline: 7_200_000 }),
    );
    await expect(call).rejects.toMatchObject({ reason: "attempts-exhausted" });
    expect(sent).toHaveLength(60);
    expect(new Set(sent.map(({ target }) => target)).size).toBe(4);
  });

  test("reaches the one account of 60 that answers", async () => {
    const many = Array.from({ length: 60 }, (_, nth) => `a${nth}`);
    const { clock, policy, server, sent } = setUp({ accounts: accounts(...many), attempts: 60 });
    const call = policy.execute(server({ "*": badKey(), "a59/m": "ok" }), { model: "m" });
    expect((await clock.run(call)).target?.account).toBe("a59");
    expect(sent).toHaveLength(60);
  });

  test("goes round the accounts as their quotas open", async () => {
    const { clock, policy, server, sent } = setUp({ accounts: accounts(...names), attempts: 60 });
    const refusal = quotaError({ limit: 5, retryDelay: "10s" });
    const call = clock.run(
      policy.execute(server({ "*": (nth) => (nth < 5 ? refusal : "ok") }), { model: "m" }),
    );
    expect((await call).value).toBe("ok");
    expect(sent).toHaveLength(4 * 4 + 1);
  });
});
