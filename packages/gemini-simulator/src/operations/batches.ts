import { type Answer, jsonAnswer } from "../answer.ts";
import { checkContents } from "../check/contents.ts";
import { errorAnswer, type GoogleError } from "../google-error.ts";
import { field, type JsonObject, parseJson, toObject, toObjects, toText } from "../json.ts";
import { generate } from "../reply/generate.ts";
import { wholeMessage } from "../reply/messages.ts";
import { pageOf, resourceId, type StoredBatch, timestamp } from "../resources.ts";
import { type Task } from "../task.ts";

const types = "type.googleapis.com/google.ai.generativelanguage.v1main.";

/** Answers `batchGenerateContent`: an operation, whose results come in their time. */
export function batchGenerateContent(task: Task): Answer {
  const { call, body, resources, project, envelope } = task;
  const batch = toObject(body["batch"]);
  const input = toObject(field(batch, "inputConfig"));
  const fileName = field(input, "fileName");
  const entries =
    typeof fileName === "string"
      ? linesOf(task, fileName)
      : toObjects(toObject(input["requests"])["requests"]);
  const name = resourceId(envelope.responseId, "batch");
  const stored: StoredBatch = {
    name,
    project,
    model: call.model,
    displayName: toText(field(batch, "displayName")),
    results: entries.map((entry, index) =>
      resultOf(entry, { ...task, envelope: { ...envelope, responseId: resourceId(name, index) } }),
    ),
    asFile: typeof fileName === "string",
    createdAt: call.time,
    cancelledAt: undefined,
  };
  resources.batches.set(name, stored);
  return jsonAnswer(200, describe(stored, task));
}

/** Answers `batches.get`. */
export function getBatch(task: Task): Answer {
  return withBatch(task, (batch) => jsonAnswer(200, describe(batch, task)));
}

/** Answers `batches.list`: those of this project, newest first. */
export function listBatches(task: Task): Answer {
  const own = [...task.resources.batches.values()]
    .filter(({ project }) => project === task.project)
    .toReversed();
  return jsonAnswer(
    200,
    pageOf(
      own.map((batch) => describe(batch, task)),
      task.call.query,
      "operations",
    ),
  );
}

/** Answers `batches.cancel`. */
export function cancelBatch(task: Task): Answer {
  return withBatch(task, (batch) => {
    if (stateOf(batch, task) !== "SUCCEEDED") batch.cancelledAt ??= task.call.time;
    return jsonAnswer(200, {});
  });
}

/** Answers `batches.delete`. */
export function deleteBatch(task: Task): Answer {
  return withBatch(task, (batch) => {
    task.resources.batches.delete(batch.name);
    return jsonAnswer(200, {});
  });
}

function withBatch(task: Task, answer: (batch: StoredBatch) => Answer): Answer {
  const batch = task.resources.batches.get(task.call.resource);
  if (batch?.project === task.project) return answer(batch);
  const missing: GoogleError = {
    code: 404,
    status: "NOT_FOUND",
    message: "Requested entity was not found.",
  };
  return errorAnswer(missing, task.call.framing);
}

function linesOf({ resources }: Task, fileName: string): JsonObject[] {
  const text = resources.files.get(fileName.replace(/^files\//, ""))?.text ?? "";
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => toObject(parseJson(line)));
}

function resultOf(entry: JsonObject, task: Task): JsonObject {
  const { metadata, key } = entry;
  const about = { ...(metadata !== undefined && { metadata }), ...(key !== undefined && { key }) };
  const request = toObject(entry["request"]);
  const error = checkContents(request);
  if (error !== undefined) return { ...about, error: { code: 3, message: error.message } };
  const generation = generate(request, task.model, task.scenario.reply);
  return {
    ...about,
    response: wholeMessage(generation, task.envelope, task.scenario.speed).message,
  };
}

type BatchState = "PENDING" | "RUNNING" | "SUCCEEDED" | "CANCELLED";

function stateOf({ createdAt, cancelledAt }: StoredBatch, { call, scenario }: Task): BatchState {
  if (cancelledAt !== undefined) return "CANCELLED";
  const age = call.time - createdAt;
  if (age < scenario.batches.pending) return "PENDING";
  return age < scenario.batches.pending + scenario.batches.running ? "RUNNING" : "SUCCEEDED";
}

function describe(batch: StoredBatch, task: Task): JsonObject {
  const state = stateOf(batch, task);
  const done = state === "SUCCEEDED";
  const output = done ? outputOf(batch, task) : undefined;
  const failed = batch.results.filter(({ error }) => error !== undefined).length;
  const total = batch.results.length;
  const created = timestamp(batch.createdAt);
  return {
    name: `batches/${batch.name}`,
    metadata: {
      "@type": `${types}GenerateContentBatch`,
      model: `models/${batch.model}`,
      displayName: batch.displayName,
      createTime: created,
      updateTime: done ? timestamp(task.call.time) : created,
      batchStats: {
        requestCount: String(total),
        ...(done
          ? { successfulRequestCount: String(total - failed) }
          : { pendingRequestCount: String(total) }),
        ...(done && failed > 0 && { failedRequestCount: String(failed) }),
      },
      state: `BATCH_STATE_${state}`,
      name: `batches/${batch.name}`,
      ...(output && { output }),
    },
    ...((done || state === "CANCELLED") && { done: true }),
    ...(state === "CANCELLED" && { error: { code: 1, message: "The batch was cancelled." } }),
    ...(output && { response: { "@type": `${types}GenerateContentBatchOutput`, ...output } }),
  };
}

function outputOf(batch: StoredBatch, { resources }: Task): JsonObject {
  if (!batch.asFile) return { inlinedResponses: { inlinedResponses: batch.results } };
  const name = `batch-${batch.name}`;
  const text = batch.results.map((result) => `${JSON.stringify(result)}\n`).join("");
  const { project, createdAt } = batch;
  resources.files.set(name, {
    name,
    project,
    mimeType: "application/jsonl",
    displayName: undefined,
    text,
    createdAt,
  });
  return { responsesFile: `files/${name}` };
}
