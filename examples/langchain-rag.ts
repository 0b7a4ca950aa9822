// Retrieval: embeddings move between accounts, never to another model; the answer may come from a fallback.
import { createPolicy } from "@holdfast/core";
import { holdfastChatModel, holdfastEmbeddings } from "@holdfast/langchain";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda, RunnableSequence } from "@langchain/core/runnables";
import { ChatGoogleGenerativeAI, GoogleGenerativeAIEmbeddings } from "@langchain/google-genai";

const policy = createPolicy({
  accounts: [{ name: "main", apiKey: process.env.GEMINI_API_KEY ?? process.env.GOOGLE_API_KEY }],
  fallbacks: { "gemini-4-argon": ["gemini-3.8-flash"] },
});
const embeddings = holdfastEmbeddings(policy, GoogleGenerativeAIEmbeddings, {
  model: "gemini-embedding-001",
});
const model = holdfastChatModel(policy, ChatGoogleGenerativeAI, { model: "gemini-4-argon" });

const notes = [
  "A holdfast anchors kelp to rock; it takes up no nutrients.",
  "Sea otters keep urchins in check, and so keep kelp forests standing.",
  "Giant kelp can grow half a metre in a day.",
];
const vectors = await embeddings.embedDocuments(notes);

function likeness(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

const retrieve = RunnableLambda.from(async (question: string) => {
  const wanted = await embeddings.embedQuery(question);
  const best = notes
    .map((note, at) => ({ note, score: likeness(wanted, vectors[at] ?? []) }))
    .toSorted((one, other) => other.score - one.score);
  return {
    question,
    notes: best
      .slice(0, 2)
      .map(({ note }) => note)
      .join("\n"),
  };
});
const prompt = ChatPromptTemplate.fromTemplate(
  "Answer from these notes:\n{notes}\n\nQuestion: {question}",
);

const rag = RunnableSequence.from([retrieve, prompt, model]);
const answer = await rag.invoke("What does a holdfast do?");
console.log(answer.text, answer.response_metadata.holdfast);
