import { type Answer, jsonAnswer, textAnswer } from "../answer.ts";
import { errorAnswer, type GoogleError } from "../google-error.ts";
import { type JsonObject, parseJson, toObject, toText } from "../json.ts";
import { pageOf, resourceId, type StoredFile, timestamp } from "../resources.ts";
import { type Task } from "../task.ts";

const lifetime = 48 * 3_600_000;

/** Answers both halves of a resumable upload: the first names the URL for the second. */
export function uploadFile(task: Task): Answer {
  const id = task.call.query.get("upload_id");
  return id === null ? startUpload(task) : finishUpload(task, id);
}

function startUpload({ call, resources, project, envelope }: Task): Answer {
  const { headers, body } = call.request;
  const file = toObject(toObject(parseJson(body))["file"]);
  const id = resourceId(envelope.responseId, "upload");
  const given = toText(file["name"]).replace(/^files\//, "");
  const displayName = file["displayName"] ?? file["display_name"];
  resources.uploads.set(id, {
    name: given === "" ? resourceId(envelope.responseId, "file") : given,
    project,
    mimeType:
      toText(headers["x-goog-upload-header-content-type"] ?? file["mimeType"]) ||
      "application/octet-stream",
    displayName: typeof displayName === "string" ? displayName : undefined,
  });
  const answer = jsonAnswer(200, {});
  const extra = {
    "x-goog-upload-url": `${call.origin}/upload/${call.version}/files?upload_id=${id}&upload_protocol=resumable`,
    "x-goog-upload-status": "active",
  };
  return { ...answer, head: { status: 200, headers: { ...answer.head?.headers, ...extra } } };
}

function finishUpload(task: Task, id: string): Answer {
  const { call, resources } = task;
  const upload = resources.uploads.get(id);
  if (upload === undefined) return errorAnswer(fileDenied(id), call.framing);
  const file: StoredFile = { ...upload, text: call.request.body, createdAt: call.time };
  resources.files.set(file.name, file);
  const answer = jsonAnswer(200, { file: describe(file, task) });
  return {
    ...answer,
    head: { status: 200, headers: { ...answer.head?.headers, "x-goog-upload-status": "final" } },
  };
}

/** Answers `files.get`. */
export function getFile(task: Task): Answer {
  const file = ownFile(task, task.call.resource);
  return "code" in file
    ? errorAnswer(file, task.call.framing)
    : jsonAnswer(200, describe(file, task));
}

/** Answers the download of a file: the results of a batch. */
export function downloadFile(task: Task): Answer {
  const file = ownFile(task, task.call.resource);
  return "code" in file
    ? errorAnswer(file, task.call.framing)
    : textAnswer(200, file.mimeType, file.text);
}

/** Answers `files.delete`. */
export function deleteFile(task: Task): Answer {
  const file = ownFile(task, task.call.resource);
  if ("code" in file) return errorAnswer(file, task.call.framing);
  task.resources.files.delete(file.name);
  return jsonAnswer(200, {});
}

/** Answers `files.list`: the files of this project. */
export function listFiles(task: Task): Answer {
  const own = [...task.resources.files.values()].filter(({ project }) => project === task.project);
  return jsonAnswer(
    200,
    pageOf(
      own.map((file) => describe(file, task)),
      task.call.query,
      "files",
    ),
  );
}

/** The refusal of a file of another project, or of none. */
export function fileDenied(name: string): GoogleError {
  return {
    code: 403,
    status: "PERMISSION_DENIED",
    message: `You do not have permission to access the File ${name} or it may not exist.`,
  };
}

/** The refusal of a file that is still being processed. */
export function fileNotActive(name: string): GoogleError {
  return {
    code: 400,
    status: "FAILED_PRECONDITION",
    message: `The File ${name} is not in an ACTIVE state and usage is not allowed.`,
  };
}

function ownFile({ resources, project }: Task, name: string): StoredFile | GoogleError {
  const file = resources.files.get(name);
  return file?.project === project ? file : fileDenied(name);
}

function describe(file: StoredFile, { call, scenario }: Task): JsonObject {
  const isActive = call.time >= file.createdAt + scenario.files.processing;
  return {
    name: `files/${file.name}`,
    ...(file.displayName !== undefined && { displayName: file.displayName }),
    mimeType: file.mimeType,
    sizeBytes: String(Buffer.byteLength(file.text)),
    createTime: timestamp(file.createdAt),
    updateTime: timestamp(file.createdAt),
    expirationTime: timestamp(file.createdAt + lifetime),
    uri: `${call.origin}/${call.version}/files/${file.name}`,
    state: isActive ? "ACTIVE" : "PROCESSING",
    source: "UPLOADED",
  };
}
