import { GaveUpError } from "@holdfast/core";
import { createVirtualClock, type FaultInput, type Simulator } from "@holdfast/gemini-simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { hinted, lasting, ofAccount, ofRequest, passing } from "./faults.ts";
import { hosts } from "./hosts.ts";
import { arrived, policyAt, policyWithoutWaits, reply, simulator, storm } from "./setting.ts";

const pro = "gemini-2.5-pro";
const flash = "gemini-2.5-flash";

let server: Simulator;
beforeEach(async () => {
  server = await simulator();
});
afterEach(() => server.close());

describe.each(hosts)(
  "generateText of $name",
  ({ google, generateText, RetryError, APICallError }) => {
    const alone: FaultInput[] = [
      "recitation",
      "reset-mid-body",
      { type: "malformed-stream", share: 0.5 },
    ];
    test.each([...passing, ...alone])("a passing %o is repeated and never seen", async (fault) => {
      storm(server, [{ fault, nth: 1 }]);
      const { policy } = policyWithoutWaits(server);
      const { text, providerMetadata, response } = await generateText({
        model: google(policy)(pro),
        prompt: "Hi",
      });
      expect(text).toBe(reply);
      expect(server.log.count()).toBe(2);
      expect(providerMetadata?.["holdfast"]).toMatchObject({
        servedBy: `main/${pro}`,
        attempts: 2,
      });
      expect(response.modelId).toBe(pro);
    });

    test.each(lasting)("a lasting %s of one model is answered by the next", async (fault) => {
      storm(server, [{ fault, model: pro }]);
      const { policy } = policyWithoutWaits(server, { fallbacks: { [pro]: [flash] } });
      const result = await generateText({ model: google(policy)(pro), prompt: "Hi" });
      expect(result.text).toBe(reply);
      expect(result.response.modelId).toBe(flash);
      expect(result.providerMetadata?.["holdfast"]).toMatchObject({
        servedBy: `main/${flash}`,
        model: flash,
      });
      expect(result.warnings?.map(({ message }) => message).join()).toContain(
        `main/${flash} answered in place of ${pro}`,
      );
    });

    test("what a header says of when to come back is obeyed", async () => {
      storm(server, [{ fault: hinted, nth: 1 }]);
      const { policy, events, clock } = policyWithoutWaits(server);
      expect((await generateText({ model: google(policy)(pro), prompt: "Hi" })).text).toBe(reply);
      expect(clock.now()).toBeGreaterThanOrEqual(7_000);
      expect(clock.now()).toBeLessThan(9_000);
      expect(events.filter(({ type }) => type === "wait-start")).toHaveLength(1);
      expect(server.log.count()).toBe(2);
    });

    test.each(ofAccount)("%s sets the account aside for later calls too", async (fault) => {
      storm(server, [{ fault, account: "main" }]);
      const { policy } = policyAt(server, { both: true });
      const model = google(policy)(pro);
      for (let call = 0; call < 3; call += 1)
        expect((await generateText({ model, prompt: "Hi" })).text).toBe(reply);
      expect(server.log.count({ account: "main" })).toBe(1);
      expect(server.log.count({ account: "spare" })).toBe(3);
    });

    test.each(ofRequest)("%s is not repeated anywhere", async (fault) => {
      storm(server, [{ fault }]);
      const { policy } = policyAt(server, { both: true, fallbacks: { [pro]: [flash] } });
      await expect(generateText({ model: google(policy)(pro), prompt: "Hi" })).rejects.toThrow(
        GaveUpError,
      );
      expect(server.log.count()).toBe(1);
    });

    test("the policy alone decides how often is asked, whatever maxRetries says", async () => {
      storm(server, [{ fault: "overload" }]);
      const { policy } = policyAt(server, { attempts: 3 });
      const error: unknown = await generateText({ model: google(policy)(pro), prompt: "Hi" }).catch(
        (thrown: unknown) => thrown,
      );
      expect(server.log.count()).toBe(3);
      expect(GaveUpError.isInstance(error)).toBe(true);
      expect(RetryError.isInstance(error)).toBe(true);
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode: 503, isRetryable: false, errors: { length: 3 } });
      expect(APICallError.isInstance((error as { lastError: unknown }).lastError)).toBe(true);
    });

    test("an error without an answer is marked as a retry error only", async () => {
      storm(server, [{ fault: "empty-stop" }]);
      const { policy } = policyAt(server);
      const error: unknown = await generateText({ model: google(policy)(pro), prompt: "Hi" }).catch(
        (thrown: unknown) => thrown,
      );
      expect(RetryError.isInstance(error)).toBe(true);
      expect(APICallError.isInstance(error)).toBe(false);
      expect(error).toMatchObject({ failure: { kind: "empty-response" } });
    });

    test("an attempt that hangs is cut and repeated", async () => {
      storm(server, [{ fault: "hang", nth: 1 }]);
      const clock = createVirtualClock();
      const { policy } = policyAt(server, { attemptTimeout: 20_000, clock });
      const call = generateText({ model: google(policy)(pro), prompt: "Hi" });
      await arrived(server, 1);
      await clock.advance(30_000);
      expect((await call).text).toBe(reply);
      expect(server.log.count()).toBe(2);
    });

    test("the caller's reason is what an aborted call rejects with", async () => {
      storm(server, [{ fault: "overload" }]);
      const { policy } = policyAt(server, {
        backoff: { base: 60_000, cap: 60_000, jitter: "none" },
      });
      const controller = new AbortController();
      const reason = new DOMException("enough", "AbortError");
      policy.on(({ type }) => {
        if (type === "wait-start") controller.abort(reason);
      });
      const call = generateText({
        model: google(policy)(pro),
        prompt: "Hi",
        abortSignal: controller.signal,
      });
      await expect(call).rejects.toBe(reason);
      expect(server.log.count()).toBe(1);
    });

    test("a last resort of text becomes an answer", async () => {
      storm(server, [{ fault: "overload" }]);
      const { policy } = policyAt(server, {
        attempts: 1,
        degrade: () => "Please come back later.",
      });
      const { text, providerMetadata } = await generateText({
        model: google(policy)(pro),
        prompt: "Hi",
      });
      expect(text).toBe("Please come back later.");
      expect(providerMetadata?.["holdfast"]).toMatchObject({ degraded: true, attempts: 1 });
    });
  },
);
