import { createGoogle } from "@ai-sdk/google";
import { createGoogleGenerativeAI as createGoogle2 } from "@ai-sdk/google-v5";
import { createGoogleGenerativeAI as createGoogle3 } from "@ai-sdk/google-v6";
import { GoogleGenAI } from "@google/genai";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { generateText, streamText } from "ai";
import { generateText as generateText5, streamText as streamText5 } from "ai-v5";
import { generateText as generateText6, streamText as streamText6 } from "ai-v6";
import OpenAI from "openai";

/** A real client, reduced to what every one of them can do. */
export interface Client {
  name: string;
  generate(url: string, prompt: string): Promise<string>;
  /** All the text of a stream; rejects when the stream reports an error, however it does that. */
  stream(url: string, prompt: string): Promise<string>;
}

const model = "gemini-2.5-flash";
const apiKey = "K1";

interface Part {
  type: string;
  text?: string;
  textDelta?: string;
  error?: unknown;
}

/** The text of an AI SDK stream, whose errors are parts. */
async function collectParts(stream: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const part of stream as AsyncIterable<Part>) {
    if (part.type === "error") throw part.error;
    if (part.type === "text-delta") text += part.text ?? "";
  }
  return text;
}

async function collect<Chunk>(
  stream: AsyncIterable<Chunk>,
  textOf: (chunk: Chunk) => string | null | undefined,
): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += textOf(chunk) ?? "";
  return text;
}

const quiet = { maxRetries: 0, onError: () => {} };

const chatGenai = (url: string) =>
  new ChatGoogleGenerativeAI({ apiKey, baseUrl: url, model, maxRetries: 0 });

const chatGoogle = (url: string) => new ChatGoogle({ apiKey, endpoint: url, model, maxRetries: 0 });

const genai = (url: string) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });

const openai = (url: string) =>
  new OpenAI({ apiKey, baseURL: `${url}/v1beta/openai/`, maxRetries: 0, logLevel: "off" });

const messagesOf = (content: string) => [{ role: "user" as const, content }];

function aiSdk(): Client[] {
  return [
    {
      name: "@ai-sdk/google 4",
      generate: async (url, prompt) =>
        (
          await generateText({
            model: createGoogle({ apiKey, baseURL: `${url}/v1beta` })(model),
            prompt,
            maxRetries: 0,
          })
        ).text,
      stream: (url, prompt) =>
        collectParts(
          streamText({
            model: createGoogle({ apiKey, baseURL: `${url}/v1beta` })(model),
            prompt,
            ...quiet,
          }).fullStream,
        ),
    },
    {
      name: "@ai-sdk/google 3",
      generate: async (url, prompt) =>
        (
          await generateText6({
            model: createGoogle3({ apiKey, baseURL: `${url}/v1beta` })(model),
            prompt,
            maxRetries: 0,
          })
        ).text,
      stream: (url, prompt) =>
        collectParts(
          streamText6({
            model: createGoogle3({ apiKey, baseURL: `${url}/v1beta` })(model),
            prompt,
            ...quiet,
          }).fullStream,
        ),
    },
    {
      name: "@ai-sdk/google 2",
      generate: async (url, prompt) =>
        (
          await generateText5({
            model: createGoogle2({ apiKey, baseURL: `${url}/v1beta` })(model),
            prompt,
            maxRetries: 0,
          })
        ).text,
      stream: (url, prompt) =>
        collectParts(
          streamText5({
            model: createGoogle2({ apiKey, baseURL: `${url}/v1beta` })(model),
            prompt,
            ...quiet,
          }).fullStream,
        ),
    },
  ];
}

function langChain(): Client[] {
  return [
    {
      name: "@langchain/google-genai",
      generate: async (url, prompt) => (await chatGenai(url).invoke(prompt)).text,
      stream: async (url, prompt) =>
        collect(await chatGenai(url).stream(prompt), (chunk) => chunk.text),
    },
    {
      name: "@langchain/google",
      generate: async (url, prompt) => (await chatGoogle(url).invoke(prompt)).text,
      stream: async (url, prompt) =>
        collect(await chatGoogle(url).stream(prompt), (chunk) => chunk.text),
    },
  ];
}

function others(): Client[] {
  return [
    {
      name: "@google/genai",
      generate: async (url, contents) =>
        (await genai(url).models.generateContent({ model, contents })).text ?? "",
      stream: async (url, contents) =>
        collect(
          await genai(url).models.generateContentStream({ model, contents }),
          (chunk) => chunk.text,
        ),
    },
    {
      name: "openai",
      generate: async (url, prompt) =>
        (await openai(url).chat.completions.create({ model, messages: messagesOf(prompt) }))
          .choices[0]?.message.content ?? "",
      stream: async (url, prompt) =>
        collect(
          await openai(url).chat.completions.create({
            model,
            messages: messagesOf(prompt),
            stream: true,
          }),
          (chunk) => chunk.choices[0]?.delta.content,
        ),
    },
  ];
}

/** All clients that the simulator is proven with. */
export const clients: Client[] = [...aiSdk(), ...langChain(), ...others()];
