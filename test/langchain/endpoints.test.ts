// The endpoint of an account in every form in which relays give it out.
import { createGoogle } from "@ai-sdk/google";
import { holdfastProvider } from "@holdfast/ai-sdk";
import { createPolicy, type Policy } from "@holdfast/core";
import { type Simulator } from "@holdfast/gemini-simulator";
import { holdfastChatModel, holdfastEmbeddings } from "@holdfast/langchain";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI, GoogleGenerativeAIEmbeddings } from "@langchain/google-genai";
import { generateText } from "ai";
import { describe, expect, test } from "vitest";

import { endpointForms } from "../support/endpoint-forms.ts";
import { chatModel, flash, gemini, keys, packages } from "./support/gemini.ts";

async function relay(form: string): Promise<{ policy: Policy; simulator: Simulator }> {
  const simulator = await gemini({
    accounts: [],
    endpoints: [{ name: "relay", path: "/gemini" }],
  });
  const baseURL = `${simulator.url}${form}`;
  const policy = createPolicy({ accounts: [{ name: "relay", apiKey: keys.main, baseURL }] });
  return { policy, simulator };
}

describe.each(endpointForms)("an endpoint that ends in %j", (form, prefix, version) => {
  const path = `${prefix}/${version}/models`;

  test.each(packages)("is asked as it was meant by %s", async (name) => {
    const { policy, simulator } = await relay(form);
    const model = chatModel(policy, name);
    await model.invoke("hello");
    for await (const _ of await model.stream("hello"));
    for await (const _ of model.streamEvents("hello"));
    const stream = `${path}/${flash}:streamGenerateContent`;
    expect(simulator.log.all().map((entry) => [entry.path, entry.status])).toEqual([
      [`${path}/${flash}:generateContent`, 200],
      [stream, 200],
      [stream, 200],
    ]);
  });

  test("is asked as it was meant by a factory that spreads its target", async () => {
    const { policy, simulator } = await relay(form);
    const fields = { model: flash };
    await holdfastChatModel(policy, (target) => new ChatGoogle({ ...target }), fields).invoke("hi");
    await holdfastChatModel(
      policy,
      (target) => new ChatGoogleGenerativeAI({ ...target }),
      fields,
    ).invoke("hi");
    await holdfastChatModel(policy, [flash]).invoke("hi");
    expect(simulator.log.count({ path: `${path}/${flash}:generateContent`, status: 200 })).toBe(3);
  });

  test("is asked as it was meant by embeddings", async () => {
    const { policy, simulator } = await relay(form);
    const model = "gemini-embedding-001";
    const embeddings = holdfastEmbeddings(policy, GoogleGenerativeAIEmbeddings, { model });
    await embeddings.embedQuery("one");
    await embeddings.embedDocuments(["one", "two"]);
    expect(simulator.log.all().map((entry) => [entry.path, entry.status])).toEqual([
      [`${path}/${model}:embedContent`, 200],
      [`${path}/${model}:batchEmbedContents`, 200],
    ]);
  });

  test("serves the AI SDK by the same policy", async () => {
    const { policy, simulator } = await relay(form);
    await chatModel(policy, "genai").invoke("hello");
    await generateText({ model: holdfastProvider(policy, createGoogle)(flash), prompt: "hello" });
    expect(simulator.log.count({ path: `${path}/${flash}:generateContent`, status: 200 })).toBe(2);
  });
});

test("the version that the fields name is asked for where the endpoint names none", async () => {
  for (const name of packages) {
    const { policy, simulator } = await relay("");
    await chatModel(policy, name, { apiVersion: "v1" }).invoke("hello");
    expect(simulator.log.last()?.path).toBe(`/v1/models/${flash}:generateContent`);
  }
});
