import { type GoogleError, invalidArgument } from "../google-error.ts";
import { field, toObject, toObjects, toText } from "../json.ts";
import { cacheDenied, ownCache } from "../operations/cached-contents.ts";
import { fileDenied, fileNotActive } from "../operations/files.ts";
import { type Call } from "../request.ts";
import { type Task } from "../task.ts";

const names = /cached_?content|file_?uri/i;

/** True when a request may name a file or a cached content; spares the others the look. */
export function namesReferences({ request }: Call): boolean {
  return names.test(request.body);
}

/** Checks that the files and the cached content that a request names are its project's own, and ready. */
export function checkReferences(task: Task): GoogleError | undefined {
  return checkCache(task) ?? checkFiles(task);
}

function checkCache(task: Task): GoogleError | undefined {
  const name = field(task.body, "cachedContent");
  if (typeof name !== "string") return undefined;
  if (ownCache(task, name) === undefined) return cacheDenied;
  const clash = ["systemInstruction", "tools", "toolConfig"].some(
    (other) => field(task.body, other) !== undefined,
  );
  if (!clash) return undefined;
  return invalidArgument(
    "CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.\n\nProposed fix: move those values to CachedContent from GenerateContent request.",
  );
}

function checkFiles({ body, call, project, resources, scenario }: Task): GoogleError | undefined {
  const parts = toObjects(field(body, "contents")).flatMap((content) =>
    toObjects(content["parts"]),
  );
  for (const part of parts) {
    const uri = toText(field(toObject(field(part, "fileData")), "fileUri"));
    const name = /\/files\/([^/:?]+)$/.exec(uri)?.[1];
    if (name === undefined) continue;
    const file = resources.files.get(name);
    if (file?.project !== project) return fileDenied(name);
    if (call.time < file.createdAt + scenario.files.processing) return fileNotActive(name);
  }
  return undefined;
}
