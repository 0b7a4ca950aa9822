// Gemini's REST API as far as batches need it: the key in a header, to its account's endpoint, along no redirect elsewhere.
import { sameOriginFetch, type Target, withVersion } from "@holdfast/core";

const google = "https://generativelanguage.googleapis.com";

/** What is asked. */
export interface Question {
  /** Behind the version: `batches/abc`. */
  path: string;
  /** Sent by POST; without one the question is a GET. */
  body?: object;
  signal?: AbortSignal;
  /** @default the runtime's, as it is at the time of the call */
  fetch?: typeof globalThis.fetch;
}

/**
 * Asks an account's endpoint; answers with its JSON.
 * @throws Error with `status`, `headers` and `body` for an answer that is none; what `fetch` throws
 */
export async function askGemini(
  { apiKey, baseURL = google }: Target,
  { path, body, signal, fetch = globalThis.fetch }: Question,
): Promise<object> {
  const response = await sameOriginFetch(fetch)(`${withVersion(baseURL, "v1beta")}/${path}`, {
    headers: {
      "content-type": "application/json",
      ...(apiKey === undefined ? {} : { "x-goog-api-key": apiKey }),
    },
    ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  const answer = response.ok ? parse(text) : undefined;
  if (answer) return answer;
  const { status, headers } = response;
  throw Object.assign(new Error(`Gemini answered with status ${status}`), {
    status,
    headers: Object.fromEntries(headers),
    body: text,
  });
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // A page of somebody in between.
    return undefined;
  }
}

/** How many batches a look goes back: those of the last days, for nearly everybody. */
const lookBack = 200;

interface Page {
  readonly operations?: readonly {
    readonly name?: string;
    readonly metadata?: { readonly displayName?: string };
  }[];
  readonly nextPageToken?: string;
}

/**
 * Looks whether an account has a batch of a display name; answers with the batch's own name.
 * @throws what the account answers when it cannot be asked: then nobody knows
 */
export async function findBatch(
  target: Target,
  displayName: string,
  asking: Pick<Question, "signal" | "fetch"> = {},
): Promise<string | undefined> {
  let token = "";
  for (let seen = 0; seen < lookBack; seen += 100) {
    const path = `batches?pageSize=100${token && `&pageToken=${encodeURIComponent(token)}`}`;
    const { operations = [], nextPageToken }: Page = await askGemini(target, { ...asking, path });
    const found = operations.find(({ metadata }) => metadata?.displayName === displayName);
    if (found?.name) return found.name;
    if (!nextPageToken) return undefined;
    token = nextPageToken;
  }
  return undefined;
}
