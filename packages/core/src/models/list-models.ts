import { withVersion } from "./endpoint.ts";
import { plainModelName } from "./find-model.ts";
import { isFields } from "./finding.ts";

/** Whom to ask for a list of models. */
export interface ListModelsOptions {
  /** Goes to this endpoint alone, in a header, and along no redirect. */
  apiKey: string;
  /** `https:` unless it is loopback; `v1beta` is asked where it ends in no version. @default Google's */
  baseURL?: string;
  /** @default the runtime's */
  fetch?: typeof globalThis.fetch;
  /** Gives the asking up. A list is worth no waiting: pass one that aborts within a second or so. */
  signal?: AbortSignal;
}

const googles = "https://generativelanguage.googleapis.com";
const trusted = /^https:\/\/|^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/;

/** Pages that are asked for, of as many models each as the API gives. */
const mostPages = 10;
const pageSize = 1_000;

/**
 * The ids of the models that a Gemini endpoint lists for a key, as plain names. Never rejects: `undefined` when the endpoint
 * cannot be reached, refuses, or answers with something else.
 */
export async function listModels(
  options: ListModelsOptions,
): Promise<readonly string[] | undefined> {
  const { baseURL = googles } = options;
  if (!trusted.test(baseURL)) return undefined;
  const ids = new Set<string>();
  let pageToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await readPage(options, addressOf(baseURL, pageToken));
    if (answer === undefined) return undefined;
    for (const id of answer.ids) ids.add(id);
    pageToken = answer.next;
    if (pageToken === undefined) break;
  }
  return [...ids];
}

function addressOf(baseURL: string, pageToken: string | undefined): string {
  const query = new URLSearchParams({ pageSize: String(pageSize) });
  if (pageToken !== undefined) query.set("pageToken", pageToken);
  return `${withVersion(baseURL, "v1beta")}/models?${query.toString()}`;
}

interface Page {
  ids: string[];
  next: string | undefined;
}

async function readPage(
  { apiKey, fetch = globalThis.fetch, signal }: ListModelsOptions,
  address: string,
): Promise<Page | undefined> {
  try {
    const response = await fetch(address, {
      headers: { "x-goog-api-key": apiKey },
      redirect: "error",
      ...(signal ? { signal } : {}),
    });
    return response.ok ? pageOf(await response.json()) : undefined;
  } catch {
    // Unreachable, aborted, or no JSON: there is no list, and nobody needs it that badly.
    return undefined;
  }
}

function pageOf(body: unknown): Page | undefined {
  if (!isFields(body) || !Array.isArray(body["models"])) return undefined;
  const next = body["nextPageToken"];
  const names = body["models"].map((model: unknown) => (isFields(model) ? model["name"] : model));
  return {
    ids: names.filter((name): name is string => typeof name === "string").map(plainModelName),
    next: typeof next === "string" && next !== "" ? next : undefined,
  };
}
