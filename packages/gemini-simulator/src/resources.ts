import { type JsonObject } from "./json.ts";
import { hashText } from "./random.ts";

/** A file that was uploaded. */
export interface StoredFile {
  name: string;
  project: string;
  mimeType: string;
  displayName: string | undefined;
  text: string;
  createdAt: number;
}

/** A context that was cached. */
export interface StoredCache {
  name: string;
  project: string;
  model: string;
  tokens: number;
  createdAt: number;
  expiresAt: number;
}

/** A batch of requests; what it answers was decided when it came, and shows in time. */
export interface StoredBatch {
  name: string;
  project: string;
  model: string;
  displayName: string;
  /** One entry a request: `metadata` or `key`, and `response` or `error`. */
  results: JsonObject[];
  /** Whether the requests came as a file, and so the results do. */
  asFile: boolean;
  createdAt: number;
  cancelledAt: number | undefined;
}

/** Everything that belongs to projects and outlives a request. */
export interface Resources {
  files: Map<string, StoredFile>;
  caches: Map<string, StoredCache>;
  batches: Map<string, StoredBatch>;
  /** Uploads that have begun, by the id in their URL. */
  uploads: Map<string, Omit<StoredFile, "text" | "createdAt">>;
}

/** Nothing yet. */
export function noResources(): Resources {
  return { files: new Map(), caches: new Map(), batches: new Map(), uploads: new Map() };
}

/** A new id, the same one in the same run of a scenario. */
export function resourceId(...seeds: (number | string)[]): string {
  const text = seeds.join("/");
  return `${hashText(text).toString(36)}${hashText(`${text}#`).toString(36)}`.slice(0, 12);
}

/** A moment as the API writes it. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** One page of a list, by `pageSize` and `pageToken`. */
export function pageOf(
  all: readonly JsonObject[],
  query: URLSearchParams,
  name: string,
): JsonObject {
  const size = Number(query.get("pageSize") ?? 50);
  const first = Number(query.get("pageToken") ?? 0);
  const next = first + size;
  return {
    [name]: all.slice(first, next),
    ...(next < all.length && { nextPageToken: String(next) }),
  };
}
