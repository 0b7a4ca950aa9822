import { type GaveUpError } from "@holdfast/core";
import { holdfastEmbeddings } from "@holdfast/langchain";
import { GoogleGenerativeAIEmbeddings } from "@langchain/google-genai";
import { expect, test } from "vitest";

import { gemini, hurriedPolicy, keys, mainFails } from "./support/gemini.ts";

const model = "gemini-embedding-001";

test("another account of the same model serves", async () => {
  const simulator = await gemini(mainFails("invalid-key"));
  const embeddings = holdfastEmbeddings(hurriedPolicy(simulator), GoogleGenerativeAIEmbeddings, {
    model,
  });
  expect((await embeddings.embedQuery("one")).length).toBeGreaterThan(0);
  expect(await embeddings.embedDocuments(["one", "two"])).toHaveLength(2);
  expect(simulator.log.all().map(({ account }) => account)).toEqual(["main", "spare", "spare"]);
});

test("another endpoint of the same model serves", async () => {
  const relay = { name: "relay", path: "/relay" };
  const simulator = await gemini({
    endpoints: [{ name: "google", path: "", fault: "region-blocked" }, relay],
  });
  const accounts = [
    { name: "main", apiKey: keys.main, baseURL: simulator.url },
    { name: "relay", apiKey: keys.spare, baseURL: `${simulator.url}/relay` },
  ];
  const policy = hurriedPolicy(simulator, { accounts });
  const embeddings = holdfastEmbeddings(policy, GoogleGenerativeAIEmbeddings, { model });
  expect((await embeddings.embedQuery("one")).length).toBeGreaterThan(0);
  expect(simulator.log.all().map(({ endpoint, status }) => [endpoint, status])).toEqual([
    ["google", 400],
    ["relay", 200],
  ]);
});

test("never another model", async () => {
  const simulator = await gemini({ rules: [{ fault: "model-not-found" }] });
  const policy = hurriedPolicy(simulator, { fallbacks: { [model]: ["text-embedding-004"] } });
  const embeddings = holdfastEmbeddings(policy, GoogleGenerativeAIEmbeddings, { model });
  await expect(embeddings.embedQuery("one")).rejects.toMatchObject({ status: 404 });
  expect(simulator.log.all().map((entry) => entry.model)).not.toContain("text-embedding-004");
});

test("a batch that failed is repeated alone, and the order stays", async () => {
  const simulator = await gemini({ rules: [{ fault: "internal-error", nth: [2, 3] }] });
  const policy = hurriedPolicy(simulator);
  const embeddings = holdfastEmbeddings(policy, GoogleGenerativeAIEmbeddings, {
    model,
    batchSize: 2,
  });
  const texts = ["a", "b", "c", "d", "e", "f", "g"];
  const vectors = await embeddings.embedDocuments(texts);
  expect(simulator.log.count()).toBe(6);
  const alone = await Promise.all(texts.map((text) => embeddings.embedQuery(text)));
  expect(vectors).toEqual(alone);
});

test("the error keeps what was embedded", async () => {
  const simulator = await gemini({ rules: [{ fault: "invalid-argument", nth: 2 }] });
  const policy = hurriedPolicy(simulator);
  const embeddings = holdfastEmbeddings(policy, GoogleGenerativeAIEmbeddings, {
    model,
    batchSize: 1,
  });
  const error: unknown = await embeddings
    .embedDocuments(["a", "b", "c"])
    .catch((reason: unknown) => reason);
  const { embeddings: kept } = error as GaveUpError & { embeddings: (number[] | undefined)[] };
  expect(kept.filter((vector) => vector !== undefined)).toHaveLength(2);
});

test("an instance of one's own is carried with its own key and left as it is", async () => {
  const simulator = await gemini({ rules: [{ fault: "overload", nth: 1 }] });
  const own = new GoogleGenerativeAIEmbeddings({
    model,
    apiKey: keys.spare,
    baseUrl: simulator.url,
  });
  const { caller, client } = own as unknown as { caller: unknown; client: unknown };
  const embeddings = holdfastEmbeddings(hurriedPolicy(simulator), own);
  expect((await embeddings.embedQuery("one")).length).toBeGreaterThan(0);
  expect(simulator.log.all().map(({ account }) => account)).toEqual(["spare", "spare"]);
  expect(own).toMatchObject({ caller, client });
});
