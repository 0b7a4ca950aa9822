import { sameOriginFetch, type Target } from "@holdfast/core";

const google = "https://generativelanguage.googleapis.com";

/** How many batches a look goes back: those of the last days, for nearly everybody. */
const lookBack = 200;

interface Operation {
  readonly name?: string;
  readonly metadata?: { readonly displayName?: string };
}

interface Page {
  readonly operations?: readonly Operation[];
  readonly nextPageToken?: string;
}

async function readPage(
  target: Target,
  headers: Record<string, string>,
  token: string,
): Promise<Page> {
  const url = `${target.baseURL ?? google}/v1beta/batches?pageSize=100${token && `&pageToken=${encodeURIComponent(token)}`}`;
  const fetch = sameOriginFetch((input, init) => globalThis.fetch(input, init));
  const response = await fetch(url, { headers });
  const text = await response.text();
  if (!response.ok) throw Object.assign(new Error(text), { status: response.status });
  return JSON.parse(text) as Page;
}

/**
 * Looks whether an account has a batch of a display name, which the SDK's own list does not tell.
 * @throws what the account answers when it cannot be asked: then nobody knows
 */
export async function findBatch(target: Target, displayName: string): Promise<string | undefined> {
  const headers = target.apiKey === undefined ? {} : { "x-goog-api-key": target.apiKey };
  let token = "";
  for (let seen = 0; seen < lookBack; seen += 100) {
    const { operations = [], nextPageToken } = await readPage(target, headers, token);
    const found = operations.find(({ metadata }) => metadata?.displayName === displayName);
    if (found?.name) return found.name;
    if (!nextPageToken) return undefined;
    token = nextPageToken;
  }
  return undefined;
}
