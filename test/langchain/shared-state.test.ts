// One policy object, two frameworks: what one learns, the other knows.
import { createGoogle } from "@ai-sdk/google";
import { holdfastProvider } from "@holdfast/ai-sdk";
import { generateText } from "ai";
import { expect, test } from "vitest";

import { chatModel, flash, gemini, hurriedPolicy, mainFails, packages } from "./support/gemini.ts";

test.each(packages)("a dead key that the AI SDK found is not asked by %s again", async (name) => {
  const simulator = await gemini(mainFails("leaked-key"));
  const policy = hurriedPolicy(simulator);
  const google = holdfastProvider(policy, createGoogle);
  await generateText({ model: google(flash), prompt: "hello" });
  await chatModel(policy, name).invoke("hello");
  expect(simulator.log.count({ account: "main" })).toBe(1);
});

test.each(packages)(
  "a quota that %s found used up is not asked for by the AI SDK",
  async (name) => {
    const simulator = await gemini(mainFails("day-quota"));
    const policy = hurriedPolicy(simulator);
    await chatModel(policy, name).invoke("hello");
    const google = holdfastProvider(policy, createGoogle);
    await generateText({ model: google(flash), prompt: "hello" });
    expect(simulator.log.count({ account: "main" })).toBe(1);
  },
);
