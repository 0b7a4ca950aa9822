import { inspect } from "node:util";

import { holdfastModel } from "@holdfast/ai-sdk";
import { type FaultInput, type Simulator } from "@holdfast/gemini-simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { hosts } from "./hosts.ts";
import { keys, policyAt, simulator, storm } from "./setting.ts";

const pro = "gemini-2.5-pro";

let server: Simulator;
beforeEach(async () => {
  server = await simulator();
});
afterEach(() => server.close());

/** Everything a program could print or store of a value. */
function everythingOf(value: unknown): string {
  const seen: string[] = [];
  let at = value;
  for (let depth = 0; depth < 6 && typeof at === "object" && at !== null; depth += 1) {
    const fields = Object.getOwnPropertyNames(at).map((name) =>
      inspect(Reflect.get(at as object, name), { depth: 8 }),
    );
    seen.push(
      inspect(at, { depth: 8, showHidden: true }),
      String((at as Error).stack),
      JSON.stringify(at),
      ...fields,
    );
    at = (at as Error).cause;
  }
  return seen.join("\n");
}

describe.each(hosts)("keys of $name", ({ google, generateText, streamText, createGoogle }) => {
  const faults: FaultInput[] = [
    "invalid-key",
    "leaked-key",
    "overload",
    "day-quota",
    "invalid-argument",
    "reset",
    "html-page",
    "bad-gateway",
  ];
  test.each(faults)("stay out of errors and events of %s", async (fault) => {
    storm(server, [{ fault }]);
    const { policy, events } = policyAt(server, { both: true, attempts: 3, deadline: 300 });
    const model = google(policy)(pro);
    const seen: unknown[] = [];
    await generateText({ model, prompt: "Hi" }).catch((error: unknown) => seen.push(error));
    await streamText({
      model,
      prompt: "Hi",
      onError: ({ error }: { error: unknown }) => seen.push(error),
    }).consumeStream();
    expect(seen).toHaveLength(2);
    const all = [...seen, ...events, policy.status()].map(everythingOf).join("\n");
    expect(all).not.toContain(keys.main);
    expect(all).not.toContain(keys.spare);
  });

  test("do not follow a redirect to another origin", async () => {
    const elsewhere = await simulator();
    storm(server, [{ fault: { type: "redirect", to: elsewhere.url } }]);
    const { policy } = policyAt(server, { attempts: 1 });
    const call = generateText({ model: google(policy)(pro), prompt: "Hi" });
    await expect(call).rejects.toMatchObject({ reason: "attempts-exhausted" });
    expect(elsewhere.log.count()).toBe(0);
    await elsewhere.close();
  });

  test("of a call's own headers go to an account without a key only", async () => {
    const { policy } = policyAt(server, { both: true });
    const { text } = await generateText({
      model: google(policy)(pro),
      prompt: "Hi",
      headers: { "X-Goog-Api-Key": "AIza-of-somebody-else" },
    });
    expect(text).not.toBe("");
    expect(server.log.last()?.account).toBe("main");
  });

  test("of a call's own headers do not travel to a model with other credentials", async () => {
    storm(server, [{ fault: "invalid-key", account: "main" }]);
    const { policy } = policyAt(server);
    const first = createGoogle({ apiKey: "unused", baseURL: `${server.url}/v1beta` });
    const second = createGoogle({ apiKey: keys.spare, baseURL: `${server.url}/v1beta` });
    const model = holdfastModel(policy, [first(pro), second(pro)]);
    await generateText({ model, prompt: "Hi", headers: { "x-goog-api-key": keys.main } });
    expect(server.log.all().map(({ account }) => account)).toEqual(
      expect.arrayContaining(["main", "spare"]),
    );
    expect(server.log.last()?.account).toBe("spare");
  });
});
