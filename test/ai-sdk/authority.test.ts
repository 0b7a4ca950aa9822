// What the SDK says of its own retries, timeouts and aborts stays true.
import { type Simulator } from "@holdfast/gemini-simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { hosts } from "./hosts.ts";
import { policyAt, reply, simulator, storm } from "./setting.ts";

const pro = "gemini-2.5-pro";

let server: Simulator;
beforeEach(async () => {
  server = await simulator();
});
afterEach(() => server.close());

const [newest] = hosts;
const { google, generateText, streamText } = newest!;

describe("options of the SDK", () => {
  test.each([0, 2, 10])("maxRetries %i changes nothing", async (maxRetries) => {
    storm(server, [{ fault: "internal-error" }]);
    const { policy } = policyAt(server, { attempts: 2 });
    await expect(
      generateText({ model: google(policy)(pro), prompt: "Hi", maxRetries }),
    ).rejects.toThrow("gave up after 2 attempts");
    expect(server.log.count()).toBe(2);
  });

  test("streamRetries repeats what broke after its first content, once for each it names", async () => {
    storm(server, [{ fault: { type: "stream-error", share: 0.5 } }]);
    const { policy } = policyAt(server);
    const stream = streamText({
      model: google(policy)(pro),
      prompt: "Hi",
      streamRetries: 2,
      onError: () => {},
    });
    await stream.consumeStream();
    expect(server.log.count()).toBe(3);
  });

  test("a timeout of the whole call ends it, also while the policy waits", async () => {
    storm(server, [{ fault: { type: "minute-quota", wait: 60_000 } }]);
    const { policy } = policyAt(server);
    const call = generateText({ model: google(policy)(pro), prompt: "Hi", timeout: 60 });
    await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
    expect(server.log.count()).toBe(1);
  });

  test("an abort before the call sends nothing", async () => {
    const { policy } = policyAt(server);
    const reason = new DOMException("no", "AbortError");
    const call = generateText({
      model: google(policy)(pro),
      prompt: "Hi",
      abortSignal: AbortSignal.abort(reason),
    });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(server.log.count()).toBe(0);
  });

  test("firstChunkMs begins when the answer does, not while the policy tries", async () => {
    storm(server, [{ fault: "hang", nth: 1 }]);
    const { policy } = policyAt(server, { firstContentTimeout: 150 });
    const stream = streamText({
      model: google(policy)(pro),
      prompt: "Hi",
      timeout: { firstChunkMs: 100 },
    });
    expect(await stream.text).toBe(reply);
  });
});
