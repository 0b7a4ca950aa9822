// Work that can wait, with nothing but a key: calls while the day's quota lasts, then Gemini's Batch API.
import { createPolicy } from "@holdfast/core";
import { geminiBatch, type BatchReference, type GeminiAnswer } from "@holdfast/core/batch";

const policy = createPolicy({
  preset: "batch",
  accounts: [{ name: "main", apiKey: process.env.GEMINI_API_KEY }],
});
const work = geminiBatch(policy);

const reviews = ["It holds.", "It held through the storm.", "It let go."];
const requests = reviews.map((review, at) => ({
  id: `review-${at}`,
  model: "gemini-3.5-flash-lite",
  body: { contents: [{ role: "user", parts: [{ text: `Good or bad? ${review}` }] }] },
}));

const stored = JSON.stringify(await work.start({ id: "reviews-of-today", requests }));
const reference = JSON.parse(stored) as BatchReference<GeminiAnswer>;
console.log(
  `${reference.answers.length} answered by calls, ${reference.batch?.requests.length ?? 0} in a batch`,
);

for (const answer of await work.results(reference, { interval: 1_000 }))
  console.log(answer.id, answer.status === "succeeded" ? answer.text : answer.error);
