import { type Answer, jsonAnswer } from "../answer.ts";
import { errorAnswer, type GoogleError } from "../google-error.ts";
import { field, type JsonObject, toText } from "../json.ts";
import { pageOf, resourceId, type StoredCache, timestamp } from "../resources.ts";
import { type Task } from "../task.ts";
import { promptTokens } from "../tokens.ts";

const defaultLifetime = 3_600_000;

/** Answers `cachedContents.create`. */
export function createCachedContent({ call, body, resources, project, envelope }: Task): Answer {
  const ttl = Number.parseFloat(toText(field(body, "ttl"))) * 1000;
  const cache: StoredCache = {
    name: resourceId(envelope.responseId, "cache"),
    project,
    model: toText(body["model"]),
    tokens: promptTokens(body),
    createdAt: call.time,
    expiresAt: call.time + (Number.isFinite(ttl) ? ttl : defaultLifetime),
  };
  resources.caches.set(cache.name, cache);
  return jsonAnswer(200, describe(cache));
}

/** Answers `cachedContents.get`. */
export function getCachedContent(task: Task): Answer {
  const cache = ownCache(task, task.call.resource);
  return cache === undefined
    ? errorAnswer(cacheDenied, task.call.framing)
    : jsonAnswer(200, describe(cache));
}

/** Answers `cachedContents.delete`. */
export function deleteCachedContent(task: Task): Answer {
  const cache = ownCache(task, task.call.resource);
  if (cache === undefined) return errorAnswer(cacheDenied, task.call.framing);
  task.resources.caches.delete(cache.name);
  return jsonAnswer(200, {});
}

/** Answers `cachedContents.list`: those of this project. */
export function listCachedContents(task: Task): Answer {
  const own = [...task.resources.caches.values()].filter(({ project }) => project === task.project);
  return jsonAnswer(200, pageOf(own.map(describe), task.call.query, "cachedContents"));
}

/** The refusal of a cached content of another project, or of none. */
export const cacheDenied: GoogleError = {
  code: 403,
  status: "PERMISSION_DENIED",
  message: "CachedContent not found (or permission denied)",
};

/** A cached content of the asking project that has not expired. */
export function ownCache(
  { resources, project, call }: Pick<Task, "resources" | "project" | "call">,
  name: string,
): StoredCache | undefined {
  const cache = resources.caches.get(name.replace(/^cachedContents\//, ""));
  return cache?.project === project && cache.expiresAt > call.time ? cache : undefined;
}

function describe(cache: StoredCache): JsonObject {
  return {
    name: `cachedContents/${cache.name}`,
    model: cache.model,
    createTime: timestamp(cache.createdAt),
    updateTime: timestamp(cache.createdAt),
    expireTime: timestamp(cache.expiresAt),
    displayName: "",
    usageMetadata: { totalTokenCount: cache.tokens },
  };
}
