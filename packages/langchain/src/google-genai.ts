// `ChatGoogleGenerativeAI` of @langchain/google-genai 2.x: deaf to abort, swallows errors, and ends the process.
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type ChatModelStreamEvent } from "@langchain/core/language_models/event";

import { look, type RawResponse, type Sighting, sightingOf } from "./sighting.ts";

/** One turn of a conversation, as Gemini reads it. */
interface Turn {
  role?: string;
  parts: readonly object[];
}

interface GenaiRequest {
  contents?: readonly Turn[];
}

type Generate = (
  request: GenaiRequest,
  options?: { signal?: AbortSignal },
) => Promise<{ response?: RawResponse }>;
type GenerateStream = (
  request: GenaiRequest,
  options?: { signal?: AbortSignal },
) => Promise<{ stream: AsyncIterable<RawResponse>; response?: Promise<unknown> }>;

interface GenaiClient {
  generateContent: Generate;
  generateContentStream: GenerateStream;
}

interface GenaiModel extends BaseChatModel {
  client: GenaiClient;
}

interface Hearing {
  signal: AbortSignal | undefined;
  sighting: Sighting | undefined;
}

/** Whether the model has the shape that is mended here; a later version that has not is left as it is. */
export function isGenai(model: BaseChatModel): model is GenaiModel {
  const { client } = model as { client?: Partial<GenaiClient> };
  return (
    model._llmType() === "googlegenerativeai" &&
    typeof client?.generateContent === "function" &&
    typeof client.generateContentStream === "function"
  );
}

async function* looked(
  stream: AsyncIterable<RawResponse>,
  sighting: Sighting | undefined,
): AsyncGenerator<RawResponse> {
  if (sighting) sighting.streamed = true;
  for await (const response of stream) {
    look(response, sighting);
    yield response;
  }
}

const isResults = ({ parts }: Turn): boolean =>
  parts.length > 0 && parts.every((part) => "functionResponse" in part);

/** The results of parallel calls in one turn: each in its own, as the package sends them, Gemini refuses. */
function joinResults<Request extends GenaiRequest>(request: Request): Request {
  const { contents } = request;
  if (
    !contents?.some((turn, at) => isResults(turn) && at > 0 && isResults(contents[at - 1] ?? turn))
  )
    return request;
  const turns: Turn[] = [];
  for (const turn of contents) {
    const last = turns.at(-1);
    if (last && isResults(last) && isResults(turn))
      turns[turns.length - 1] = { ...last, parts: [...last.parts, ...turn.parts] };
    else turns.push(turn);
  }
  return { ...request, contents: turns };
}

/** The client of one call: it hears the signal, and nobody has to handle its second promise. */
function listening(client: GenaiClient, { signal, sighting }: Hearing): GenaiClient {
  const own = Object.create(client) as GenaiClient;
  const heard = signal ? { signal } : {};
  own.generateContent = async (request, options) => {
    const asked = joinResults(request);
    const result = await client.generateContent(asked, { ...heard, ...given(options) });
    const modelVersion = result.response?.modelVersion;
    if (sighting && modelVersion) sighting.modelVersion = modelVersion;
    return result;
  };
  own.generateContentStream = async (request, options) => {
    const asked = joinResults(request);
    const result = await client.generateContentStream(asked, { ...heard, ...given(options) });
    // The SDK tees the stream into this promise; unhandled, its rejection ends the process.
    result.response?.catch(() => undefined);
    return { ...result, stream: looked(result.stream, sighting) };
  };
  return own;
}

/** Options without the `signal: undefined` that would hide ours. */
function given(options: { signal?: AbortSignal } | undefined): { signal?: AbortSignal } {
  return options?.signal ? options : {};
}

const unknownToGemini = new Set(["$schema", "additionalProperties"]);
const tidied = new WeakMap<object, unknown>();

/** `createAgent` hands the schema on as JSON Schema has it, and Gemini refuses what is not in its own dialect. */
function tidy(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(tidy);
  if (tidied.has(schema)) return tidied.get(schema);
  const entries = Object.entries(schema).filter(([name]) => !unknownToGemini.has(name));
  const copy = Object.fromEntries(
    entries.map(([name, value]) => [name, name === "properties" ? tidyEach(value) : tidy(value)]),
  );
  tidied.set(schema, copy);
  return copy;
}

/** Properties may have any name. */
function tidyEach(properties: unknown): unknown {
  const entries = Object.entries(properties ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, tidy(value)]));
}

type GenaiOptions = Parameters<BaseChatModel["_generate"]>[1];

function tidyOptions(options: GenaiOptions): GenaiOptions {
  const { responseSchema } = options as { responseSchema?: unknown };
  if (responseSchema === undefined) return options;
  return Object.assign({ ...options }, { responseSchema: tidy(responseSchema) });
}

/** Calls of tools with what the package leaves out of its events: an id, for the result to name, and the signature. */
async function* withIds(
  events: AsyncIterable<ChatModelStreamEvent>,
  sighting: Sighting | undefined,
): AsyncGenerator<ChatModelStreamEvent> {
  const missing = new Map<number, object>();
  for await (const event of events) {
    if (event.event === "content-block-start" && event.content.type === "tool_call_chunk") {
      const signature = sighting?.signatures?.[missing.size];
      const id = (event.content as { id?: string }).id ?? `lc-tool-call-${crypto.randomUUID()}`;
      missing.set(event.index, { id, ...(signature ? { thoughtSignature: signature } : {}) });
    }
    const more = "index" in event && "content" in event ? missing.get(event.index) : undefined;
    yield more ? withContent(event, more) : event;
  }
}

function withContent(event: ChatModelStreamEvent, more: object): ChatModelStreamEvent {
  return "content" in event
    ? Object.assign({ ...event }, { content: { ...event.content, ...more } })
    : event;
}

/** Gives the model's own methods a client that listens to the signal of each call. */
export function mendGenai(model: GenaiModel, original: GenaiModel): void {
  const hear = (options: object & { signal?: AbortSignal }): GenaiModel => {
    const self = Object.create(model) as GenaiModel;
    const hearing = { signal: options.signal, sighting: sightingOf(options) };
    self.client = listening(original.client, hearing);
    return self;
  };
  model._generate = (messages, options, manager) =>
    original._generate.call(hear(options), messages, tidyOptions(options), manager);
  model._streamResponseChunks = (messages, options, manager) =>
    original._streamResponseChunks.call(hear(options), messages, tidyOptions(options), manager);
  model._streamChatModelEvents = (messages, options, manager) =>
    withIds(
      original._streamChatModelEvents.call(hear(options), messages, tidyOptions(options), manager),
      sightingOf(options),
    );
}
