// Work that can wait: calls while the day's quota lasts, then the Batch API; a stored reference survives a restart.
import { createGoogle } from "@ai-sdk/google";
import { holdfastBatch, type BatchReference, type BatchWork } from "@holdfast/ai-sdk";
import { createPolicy } from "@holdfast/core";
import {
  experimental_getBatchResults as getBatchResults,
  experimental_getBatchStatus as getBatchStatus,
  experimental_startBatch as startBatch,
  generateText,
} from "ai";

const policy = createPolicy({
  preset: "batch",
  accounts: [{ name: "main", apiKey: process.env.GEMINI_API_KEY }],
});
const work = holdfastBatch(policy, createGoogle, {
  startBatch,
  getBatchStatus,
  getBatchResults,
  generateText,
});

const reviews = ["It holds.", "It held through the storm.", "It let go."];
const requests = reviews.map((review, at): BatchWork => ({
  id: `review-${at}`,
  type: "text",
  model: "gemini-3.5-flash-lite",
  prompt: `Is this review good or bad? ${review}`,
}));

const stored = JSON.stringify(await work.start({ id: "reviews-of-today", requests }));
const reference = JSON.parse(stored) as BatchReference;
console.log(
  `${reference.answers.length} answered by calls, ${reference.batch?.requests.length ?? 0} in a batch`,
);

for (const answer of await work.results(reference, { interval: 1_000 }))
  console.log(answer.id, answer.status === "succeeded" ? answer.text : answer.error);
