// LangGraph: nodes call the model, a thread stays with the account that served it, and retryPolicy multiplies nothing.
import { createPolicy, GaveUpError } from "@holdfast/core";
import { holdfastChatModel } from "@holdfast/langchain";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { END, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";

const policy = createPolicy({
  accounts: [{ name: "main", apiKey: process.env.GEMINI_API_KEY ?? process.env.GOOGLE_API_KEY }],
  fallbacks: { "gemini-4-argon": ["gemini-3.8-flash"] },
});
const model = holdfastChatModel(policy, ChatGoogleGenerativeAI, { model: "gemini-4-argon" });

const graph = new StateGraph(MessagesAnnotation)
  .addNode(
    "draft",
    async ({ messages }, config) => ({ messages: [await model.invoke(messages, config)] }),
    {
      retryPolicy: { maxAttempts: 3 },
    },
  )
  .addNode("review", async ({ messages }, config) => ({
    messages: [
      await model.invoke([...messages, { role: "user", content: "Shorten that." }], config),
    ],
  }))
  .addEdge(START, "draft")
  .addEdge("draft", "review")
  .addEdge("review", END)
  .compile({ checkpointer: new MemorySaver() });

try {
  const thread = { configurable: { thread_id: "kelp" } };
  const { messages } = await graph.invoke(
    { messages: [{ role: "user", content: "What is a holdfast?" }] },
    thread,
  );
  console.log(messages.at(-1)?.text);
} catch (error) {
  if (!GaveUpError.isInstance(error)) throw error;
  console.log(`no answer: ${error.message}`);
}
