// The three majors of the AI SDK with their Google provider, behind one shape: the same tests run on each.
import * as google7 from "@ai-sdk/google";
import * as google5 from "@ai-sdk/google-v5";
import * as google6 from "@ai-sdk/google-v6";
import { holdfastProvider } from "@holdfast/ai-sdk";
import { type Policy } from "@holdfast/core";
import * as ai7 from "ai";
import * as ai5 from "ai-v5";
import * as ai6 from "ai-v6";

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

/** What the tests read off a generation. */
interface Generation {
  text: string;
  finishReason: string;
  response: { modelId: string };
  providerMetadata?: Record<string, Record<string, unknown>>;
  warnings?: { message?: string }[];
  steps: { toolCalls: unknown[] }[];
  toolCalls: { toolName: string; input: unknown }[];
  usage: Record<string, number | undefined>;
}

/** What the tests read off a stream. */
export interface Streamed {
  textStream: AsyncIterable<string>;
  fullStream: AsyncIterable<{ type: string; error?: unknown; text?: string }>;
  text: PromiseLike<string>;
  response: PromiseLike<{ modelId: string }>;
  providerMetadata: PromiseLike<Record<string, Record<string, unknown>> | undefined>;
  finishReason: PromiseLike<string>;
  consumeStream(): PromiseLike<void>;
}

interface IsInstance {
  isInstance(error: unknown): boolean;
}

/** A version of the SDK. */
export interface Host {
  name: string;
  spec: "v2" | "v3" | "v4";
  createGoogle: typeof google7.createGoogle;
  /** The held provider of a policy. */
  google: (policy: Policy) => ReturnType<typeof google7.createGoogle>;
  generateText: (options: object) => Promise<Generation>;
  streamText: (options: object) => Streamed;
  generateObject: (options: object) => Promise<{ object: unknown }>;
  streamObject: (options: object) => {
    object: PromiseLike<unknown>;
    partialObjectStream: AsyncIterable<unknown>;
  };
  embed: (options: object) => Promise<{ embedding: number[] }>;
  embedMany: (options: object) => Promise<{ embeddings: number[][] }>;
  generateImage: (options: object) => Promise<{ images: unknown[] }>;
  generateSpeech: (options: object) => Promise<{ audio: { uint8Array: Uint8Array } }>;
  wrapLanguageModel: (options: object) => object;
  wrapProvider: (options: object) => { languageModel: (id: string) => unknown };
  stepCountIs: (count: number) => unknown;
  tool: (options: object) => unknown;
  RetryError: IsInstance;
  APICallError: IsInstance;
}

type Loose = (options: object) => Promise<never>;

function named(module: unknown, ...names: string[]): Loose {
  const functions = module as Record<string, Loose | undefined>;
  return names.map((name) => functions[name]).find((found) => found !== undefined)!;
}

function host(
  name: string,
  spec: Host["spec"],
  { ai, createGoogle }: { ai: unknown; createGoogle: unknown },
): Host {
  const factory = createGoogle as Host["createGoogle"];
  return {
    ...(ai as Host),
    // Named differently while they were experiments.
    generateImage: named(ai, "generateImage", "experimental_generateImage"),
    generateSpeech: named(ai, "generateSpeech", "experimental_generateSpeech"),
    name,
    spec,
    createGoogle: factory,
    google: (policy) => holdfastProvider(policy, factory),
  };
}

export const hosts: readonly Host[] = [
  host("ai@7", "v4", { ai: ai7, createGoogle: google7.createGoogle }),
  host("ai@6", "v3", { ai: ai6, createGoogle: google6.createGoogleGenerativeAI }),
  host("ai@5", "v2", { ai: ai5, createGoogle: google5.createGoogleGenerativeAI }),
];
