// `ChatGoogle` of @langchain/google 0.2: loses errors and refusals that arrive inside a stream.
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";

import { look, type RawResponse, type Sighting, sightingOf } from "./sighting.ts";
import { readEvents } from "./sse.ts";

interface ApiClient {
  fetch(request: Request): Promise<Response>;
}

interface GoogleModel extends BaseChatModel {
  apiClient: ApiClient;
}

/** Whether the model has the shape that is mended here; a later version that has not is left as it is. */
export function isGoogle(model: BaseChatModel): model is GoogleModel {
  const { apiClient } = model as { apiClient?: Partial<ApiClient> };
  return model._llmType() === "google" && typeof apiClient?.fetch === "function";
}

/** The response with its body looked at on the way through. */
function looked(response: Response, sighting: Sighting | undefined): Response {
  const type = response.headers.get("content-type") ?? "";
  if (!response.ok || !response.body || !type.includes("event-stream")) return response;
  if (sighting) sighting.streamed = true;
  const body = response.body.pipeThrough(
    readEvents((data) => look(JSON.parse(data) as RawResponse, sighting)),
  );
  const { status, statusText, headers } = response;
  const copy = new Response(body, { status, statusText, headers });
  // A response that is built has no URL, and LangChain's request log shows it.
  Object.defineProperty(copy, "url", { value: response.url });
  return copy;
}

/** The client of one call. */
function looking(client: ApiClient, sighting: Sighting | undefined): ApiClient {
  const own = Object.create(client) as ApiClient;
  own.fetch = async (request) => looked(await client.fetch(request), sighting);
  return own;
}

/** Gives the model's own methods a client that looks at what streams through it. */
export function mendGoogle(model: GoogleModel, original: GoogleModel): void {
  const see = (options: object): GoogleModel => {
    const self = Object.create(model) as GoogleModel;
    self.apiClient = looking(original.apiClient, sightingOf(options));
    return self;
  };
  model._streamResponseChunks = (messages, options, manager) =>
    original._streamResponseChunks.call(see(options), messages, options, manager);
  model._streamChatModelEvents = (messages, options, manager) =>
    original._streamChatModelEvents.call(see(options), messages, options, manager);
}
