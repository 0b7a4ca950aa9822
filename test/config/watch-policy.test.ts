import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  PolicyFileError,
  type WatchedPolicy,
  type WatchOptions,
  watchPolicy,
} from "@holdfast/config";
import { type PolicyEvent } from "@holdfast/core";
import { createVirtualClock } from "@holdfast/gemini-simulator";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { badKey } from "../support/failures.ts";

let folder: string;
let file: string;
let open: WatchedPolicy[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-watch-"));
  file = join(folder, "holdfast.yaml");
  open = [];
});

afterEach(() => {
  for (const policy of open) policy.stop();
  rmSync(folder, { recursive: true });
});

function follow(options: WatchOptions = {}): WatchedPolicy {
  const env = { KEY: "k1k1k1k1", TEAM: "k2k2k2k2" };
  const policy = watchPolicy(file, { env, ...options });
  open.push(policy);
  return policy;
}

describe("a policy that follows its file", () => {
  test("takes on a change, and forgets what the file no longer says", () => {
    writeFileSync(file, "patience: 5s\nattempts: 3");
    const policy = follow();
    const { settings } = policy;
    writeFileSync(file, "patience: 7s");
    expect(policy.reload()).toBe(true);
    expect(policy.settings).toMatchObject({ patience: 7_000, attempts: 30 });
    expect(settings).toMatchObject({ patience: 5_000, attempts: 3 });
  });

  test("keeps its board", async () => {
    const accounts = "accounts: [{ name: main, apiKeyEnv: KEY }, { name: team, apiKeyEnv: TEAM }]";
    writeFileSync(file, accounts);
    const policy = follow();
    const asked: string[] = [];
    const call = ({ account }: { account: string }): string => {
      asked.push(account);
      if (account === "main") throw badKey();
      return "ok";
    };
    await policy.execute(call, { model: "m" });
    writeFileSync(file, `${accounts}\npatience: 1s`);
    policy.reload();
    expect(policy.status().closed).toMatchObject([{ scope: "account:main" }]);
    await policy.execute(call, { model: "m" });
    expect(asked).toStrictEqual(["main", "team", "team"]);
  });

  test("stays as it was when the file is wrong, and says what is wrong", () => {
    writeFileSync(file, "patience: 5s");
    const errors: unknown[] = [];
    const policy = follow({ onError: (error) => errors.push(error) });
    writeFileSync(file, "patience: soon");
    expect(policy.reload()).toBe(false);
    expect(policy.settings.patience).toBe(5_000);
    expect(errors).toHaveLength(1);
    expect(PolicyFileError.isInstance(errors[0])).toBe(true);
    rmSync(file);
    expect(policy.reload()).toBe(false);
    expect(policy.settings.patience).toBe(5_000);
    expect(String(errors[1])).toMatch(/there is no such file/);
  });

  test("warns the process of a wrong file when nobody listens", () => {
    writeFileSync(file, "{}");
    const policy = follow();
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
    writeFileSync(file, "order: sideways");
    policy.reload();
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/order is "sideways"/), {
      code: "HOLDFAST_POLICY_FILE",
    });
  });

  test("throws when the file is wrong to begin with", () => {
    writeFileSync(file, "order: sideways");
    expect(() => follow()).toThrow(/order is "sideways"/);
  });

  test("looks keys up anew", () => {
    const env: Record<string, string> = { KEY: "k1k1k1k1" };
    writeFileSync(file, "accounts: [{ name: main, apiKeyEnv: KEY }]");
    const policy = follow({ env });
    env["KEY"] = "k9k9k9k9";
    policy.reload();
    expect(policy.settings.accounts).toMatchObject([{ apiKey: "k9k9k9k9" }]);
    expect(policy.redact("k1k1k1k1 and k9k9k9k9")).toBe("[redacted] and [redacted]");
  });

  test("takes its derived policies along", () => {
    writeFileSync(file, "patience: 5s\nattempts: 3");
    const policy = follow();
    const derived = policy.with({ attempts: 9 });
    writeFileSync(file, "patience: 7s\nattempts: 4");
    policy.reload();
    expect(derived.settings).toMatchObject({ patience: 7_000, attempts: 9 });
  });

  test("tells each event once, however often the file changed", async () => {
    writeFileSync(file, "patience: 5s");
    const events: PolicyEvent[] = [];
    const own: PolicyEvent[] = [];
    const clock = createVirtualClock();
    const options = { onEvent: (event: PolicyEvent) => events.push(event) };
    const policy = follow({ clock, options });
    const derived = policy.with({ onEvent: (event) => own.push(event) });
    policy.reload();
    policy.reload();
    await derived.execute(() => "ok", { model: "m" });
    for (const seen of [events, own])
      expect(seen.map(({ type }) => type)).toStrictEqual([
        "call-start",
        "attempt-start",
        "attempt-end",
        "call-end",
      ]);
    expect(policy.clock).toBe(clock);
  });

  test("notices a file that was replaced as a whole", async () => {
    writeFileSync(file, "patience: 5s");
    const reloaded = await new Promise<WatchedPolicy>((resolve) => {
      follow({ settle: 1, onReload: resolve });
      const next = join(folder, "next");
      writeFileSync(next, "patience: 9s");
      renameSync(next, file);
    });
    expect(reloaded.settings.patience).toBe(9_000);
    expect(reloaded.file).toBe(file);
  });

  test("hands calls, hand-made closures and listeners to the policy of the moment", async () => {
    writeFileSync(file, "{}");
    const policy = follow();
    const types: string[] = [];
    const end = policy.on(({ type }) => types.push(type));
    policy.close("account:default", 1_000);
    expect(policy.status().closed).toHaveLength(1);
    policy.open("account:default");
    expect(policy.status().closed).toHaveLength(0);
    end();
    await policy.execute(() => "ok", { model: "m" });
    expect(types).toStrictEqual(["scope-close", "scope-open"]);
  });
});
