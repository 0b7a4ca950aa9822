import { createPolicy, GaveUpError, type PolicyOptions } from "@holdfast/core";
import { extendModels, listModels, liveModels, models as catalogue } from "@holdfast/core/models";
import {
  createGemini,
  createVirtualClock,
  type ScenarioInput,
  simulatorFetch,
  startSimulator,
} from "@holdfast/gemini-simulator";
import { describe, expect, onTestFinished, test } from "vitest";

import { endpointForms } from "../../support/endpoint-forms.ts";

const key = "AIzaListedListedListedListedListedListed";
const scenario: ScenarioInput = {
  accounts: [{ name: "main", key }],
  models: [{ name: "gemini-house-blend" }, { name: "gemini-2.5-flash-lite" }],
};

const addressOf = (input: Parameters<typeof fetch>[0]): string =>
  input instanceof Request ? input.url : input.toString();

const never: typeof globalThis.fetch = () => new Promise(() => undefined);
const failing = (): Promise<never> => Promise.reject(new Error("no"));

/** A Gemini in this process, and a count of the lists that were asked for. */
function makeGemini(given: ScenarioInput = scenario) {
  const clock = createVirtualClock({ seed: 1, start: Date.UTC(2026, 10, 23, 20) });
  const gemini = createGemini(given);
  const inner = simulatorFetch(gemini, clock);
  const asked: { url: string; key: string | null; redirect: string | undefined }[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    const url = addressOf(input);
    const headers = new Headers(init?.headers);
    asked.push({ url, key: headers.get("x-goog-api-key"), redirect: init?.redirect });
    return inner(input, init);
  };
  return { clock, fetch, inner, asked };
}

describe("listModels", () => {
  test("gives the plain names of all pages, with the key in a header and along no redirect", async () => {
    const { inner, asked, fetch } = makeGemini();
    const short: typeof globalThis.fetch = (input, init) => {
      const url = new URL(addressOf(input));
      url.searchParams.set("pageSize", "3");
      return fetch(url, init);
    };
    const whole = await listModels({ apiKey: key, fetch: inner });
    const paged = await listModels({ apiKey: key, fetch: short });
    expect(whole).toContain("gemini-house-blend");
    expect(paged).toEqual(whole);
    expect(asked.length).toBeGreaterThan(1);
    for (const one of asked) {
      expect(one).toMatchObject({ key, redirect: "error" });
      expect(one.url).not.toContain(key);
    }
  });

  test("asks a real server", async () => {
    const simulator = await startSimulator({ scenario });
    onTestFinished(() => simulator.close());
    const ids = await listModels({ apiKey: key, baseURL: `${simulator.url}/` });
    expect(ids).toContain("gemini-house-blend");
    expect(simulator.log.all()).toHaveLength(1);
  });

  test.each(endpointForms)(
    "asks an endpoint that ends in %j as it was meant",
    async (form, prefix, version) => {
      const { fetch, asked } = makeGemini({
        ...scenario,
        endpoints: [{ name: "relay", path: "/gemini" }],
      });
      const ids = await listModels({ apiKey: key, fetch, baseURL: `https://relay.example${form}` });
      expect(ids).toContain("gemini-house-blend");
      expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
        `${prefix}/${version}/models`,
      ]);
    },
  );

  test.each<[string, typeof globalThis.fetch]>([
    ["cannot be reached", () => Promise.reject(new TypeError("fetch failed"))],
    ["refuses", () => Promise.resolve(new Response("{}", { status: 403 }))],
    ["answers with a page", () => Promise.resolve(new Response("<html></html>"))],
    ["answers with another list", () => Promise.resolve(Response.json({ data: [] }))],
  ])("says nothing of an endpoint that %s", async (_what, fetch) => {
    await expect(listModels({ apiKey: key, fetch })).resolves.toBeUndefined();
  });

  test("sends no key over plain HTTP", async () => {
    const { fetch, asked } = makeGemini();
    await listModels({ apiKey: key, fetch, baseURL: "http://relay.example" });
    expect(asked).toEqual([]);
  });
});

/** The diagnosis of a call that asks for a model nobody has. */
async function diagnosisOf(model: string, options: PolicyOptions, gemini = makeGemini()) {
  const { clock, inner } = gemini;
  const policy = createPolicy({ accounts: [{ name: "main", apiKey: key }], ...options }, { clock });
  const startedAt = clock.now();
  const call = async (): Promise<string> => {
    try {
      await policy.execute(
        async (target) => {
          const url = `https://generativelanguage.googleapis.com/v1beta/models/${target.model}:generateContent`;
          const headers = { "x-goog-api-key": target.apiKey ?? "" };
          const body = JSON.stringify({ contents: [{ parts: [{ text: "Hi" }] }] });
          const response = await inner(url, { method: "POST", headers, body });
          if (!response.ok)
            throw Object.assign(new Error(await response.text()), { status: response.status });
          return "ok";
        },
        { model },
      );
    } catch (error) {
      if (GaveUpError.isInstance(error)) return error.message;
      throw error;
    }
    return "answered";
  };
  const diagnosis = await clock.run(call());
  return { diagnosis, took: clock.now() - startedAt, call: () => clock.run(call()) };
}

describe("a policy that knows the live list", () => {
  test("proposes a model that no catalogue knows", async () => {
    const gemini = makeGemini();
    const { diagnosis } = await diagnosisOf(
      "gemini-house-blnd",
      { models: liveModels({ fetch: gemini.fetch }) },
      gemini,
    );
    expect(diagnosis).toContain('Did you mean "gemini-house-blend"');
    expect(diagnosis).not.toContain(key);
    expect(gemini.asked).toHaveLength(1);
  });

  test("without it, the catalogue proposes what it can", async () => {
    const { diagnosis } = await diagnosisOf("gemini-house-blnd", {});
    expect(diagnosis).not.toContain("house-blend");
  });

  test("asks once an hour, not with every call", async () => {
    const gemini = makeGemini();
    const models = liveModels({ fetch: gemini.fetch });
    const { call } = await diagnosisOf("gemini-house-blnd", { models }, gemini);
    await call();
    expect(gemini.asked).toHaveLength(1);
    await gemini.clock.run(gemini.clock.sleep(3_600_000));
    await call();
    expect(gemini.asked).toHaveLength(2);
  });

  test("proposes no model that is listed still and closed already", async () => {
    const gemini = makeGemini();
    const retired = { since: "2026-10-01", source: "models" } as const;
    const known = extendModels(catalogue, [
      { id: "gemini-house-blend", kind: "text", source: "models", retired },
    ]);
    const models = liveModels({ fetch: gemini.fetch, models: known });
    await diagnosisOf("gemini-house-blnd", { models }, gemini);
    expect(gemini.asked).toHaveLength(1);
    expect(models.nearest?.("gemini-house-blnd")).not.toContain("gemini-house-blend");
  });

  test("waits a second at most for an endpoint that does not answer", async () => {
    const plain = await diagnosisOf("gemini-3.6-flsh", {});
    const { diagnosis, took } = await diagnosisOf("gemini-3.6-flsh", {
      models: liveModels({ fetch: never }),
    });
    expect(diagnosis).toBe(plain.diagnosis);
    expect(took - plain.took).toBe(1_000);
  });

  test("waits no longer than the call's deadline allows", async () => {
    const { took } = await diagnosisOf("gemini-3.6-flsh", {
      deadline: 300,
      models: liveModels({ fetch: never }),
    });
    expect(took).toBeLessThanOrEqual(300);
  });

  test("is none the worse for facts that throw", async () => {
    const plain = await diagnosisOf("gemini-3.6-flsh", {});
    const models = { ...liveModels(), learn: failing };
    await expect(diagnosisOf("gemini-3.6-flsh", { models })).resolves.toMatchObject({
      diagnosis: plain.diagnosis,
    });
  });

  test("asks nobody about models of other providers, or without a key", async () => {
    const { fetch, asked } = makeGemini();
    const facts = liveModels({ fetch });
    const moment = { wall: 0, signal: new AbortController().signal };
    const target = { name: "a/m", model: "m", account: "a", rank: 0 };
    await facts.learn?.({ ...target, provider: "openai", apiKey: key }, moment);
    await facts.learn?.({ ...target, provider: "google" }, moment);
    expect(asked).toEqual([]);
  });
});
