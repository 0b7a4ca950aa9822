// Reads a stream that breaks, and lives on.
import { setImmediate } from "node:timers/promises";

import { createPolicy } from "@holdfast/core";
import { holdfastChatModel } from "@holdfast/langchain";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";

const policy = createPolicy();
const model = holdfastChatModel(policy, ChatGoogleGenerativeAI, { model: "gemini-2.5-flash" });
let text = "";
try {
  for await (const chunk of await model.stream("hello")) text += chunk.text;
} catch (error) {
  console.log(`${text ? "some text" : "no text"}, then ${(error as Error).name}`);
}
// An unhandled rejection ends a process only after its turn.
for (let turn = 0; turn < 50; turn += 1) await setImmediate();
console.log("lives");
