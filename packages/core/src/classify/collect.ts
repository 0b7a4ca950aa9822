// Walks a thrown or answered value and gathers its signals, within bounds that no value can widen.

import { readDetail, rpcStatus, rpcWords } from "./google-rpc.ts";
import { readHeaders } from "./headers.ts";
import { readAnswerBody } from "./read-answer.ts";
import {
  flatten,
  isFailureStatus,
  readAnswerText,
  readDelayText,
  readLooseText,
  readQuotaText,
} from "./read-text.ts";
import { bodyDelay } from "./retry-after.ts";
import { type Fields, get, getText, isFields, items, keysOf, numberOf } from "./safe.ts";
import { noSignals, statusOf, type Signals } from "./signals.ts";

/** Characters of text that are looked at in one value, all strings together. */
const textBudget = 65_536;
const mostObjects = 100;
const deepest = 12;

interface Walk {
  signals: Signals;
  characters: number;
  objects: number;
  seen: Set<unknown>;
  /** Depth of the layer that named the governing status and sentence. */
  governing: number;
}

/** Everything a value says. Never throws, whatever the value does. */
export function collect(value: unknown): Signals {
  const walk: Walk = {
    signals: noSignals(),
    characters: textBudget,
    objects: mostObjects,
    seen: new Set(),
    governing: -1,
  };
  visit(walk, value, 0);
  readTexts(walk.signals);
  return walk.signals;
}

/** Sentences are read when all else has been: details say the same more precisely, and reading costs most. */
function readTexts(signals: Signals): void {
  const { texts, violations, detailed } = signals;
  const unsaid = violations.length === 0 || violations.some(({ limit }) => limit === undefined);
  for (const text of texts) {
    if (!detailed) readLooseText(text, signals);
    readDelayText(text, signals);
    if (unsaid) readQuotaText(text, signals);
  }
}

// What an application or a relay sent, and no answer to it.
const echoed =
  /^(?:request\w*|inputs?|prompts?|messages|contents?|config|params|headers|url|stack|trace\w*)$/i;

const any = /(?:)/;
// Where an answer that succeeded by its status tells of a failure all the same.
const complaints = /^(?:\w*err(?:or)?_?(?:message|msg)|msg|fault\w*)$/i;
// What tools put around the error they report.
const wrappers = /(?:error|exception|response|result)$/i;

/** Which names of an object in nobody's format are read, by the type of what they hold. */
const readable: Readonly<Record<"failed" | "answered" | "silent", Record<string, RegExp>>> = {
  failed: { string: any, object: any },
  answered: { string: complaints },
  silent: { string: any, object: wrappers },
};

/** An object in nobody's format: whatever text it holds, and in a failed answer also deeper within. */
function readUnknownObject(walk: Walk, value: Fields, depth: number): void {
  const answered = isAnswered(walk.signals);
  if (answered && isError(value)) return;
  const failed = (statusOf(walk.signals) ?? 0) >= 400;
  const names = readable[failed ? "failed" : answered ? "answered" : "silent"];
  for (const key of keysOf(value, 20)) {
    const inner = echoed.test(key) ? undefined : get(value, key);
    if (names[typeof inner]?.test(key)) visit(walk, inner, depth + 1);
  }
}

const isAnswered = ({ answer, texts, reasons, codes, httpStatus, bodyStatus }: Signals): boolean =>
  answer !== undefined ||
  texts.length + reasons.length + codes.length > 0 ||
  httpStatus !== undefined ||
  bodyStatus !== undefined;

function visit(walk: Walk, value: unknown, depth: number): void {
  if (typeof value === "string") {
    // Clients repeat the body's sentence as their own message.
    if (!walk.seen.has(value)) readText(walk, value, depth);
    walk.seen.add(value);
    return;
  }
  if (!isFields(value) || depth > deepest || walk.objects <= 0 || walk.seen.has(value)) return;
  walk.objects -= 1;
  walk.seen.add(value);
  const list = items(value, 10);
  if (list === undefined) readObject(walk, value, depth);
  else for (const item of list) visit(walk, item, depth + 1);
}

/** Takes from the budget; of a text that is too long the beginning and the end, where finish reasons stand. */
function take(walk: Walk, text: string): string {
  const room = walk.characters;
  if (text.length <= room) {
    walk.characters -= text.length;
    return text;
  }
  walk.characters = 0;
  const tail = Math.floor(room / 4);
  return room === 0 ? "" : `${text.slice(0, room - tail)} ${text.slice(text.length - tail)}`;
}

// The AI SDK quotes what it could not read: model output, in which no sentence is an error's.
const quoted = /(?:^|[\s:])(JSON parsing failed: Text|Type validation failed: Value): ?/;

function readText(walk: Walk, whole: string, depth: number): void {
  const text = take(walk, whole).trim();
  if (text === "") return;
  const opening = quoted.exec(text.slice(0, 300));
  if (opening) {
    const quote = text.slice(opening.index + opening[0].length);
    readQuoted(walk, { name: opening[1] ?? "", text: quote }, depth);
  } else if (!hasEvents(text) || !readEvents(walk, text, depth)) {
    readProse(walk, text, depth);
  }
}

const hasEvents = (text: string): boolean => text.startsWith("data:") || text.includes("\ndata:");

/** What a model wrote is in there, and no sentence of it is an error's. */
const isAnswerText = (text: string): boolean =>
  /^\[?\s*\{\s*"(?:candidates|choices|promptFeedback)"/.test(text) && !/"error"\s?:/.test(text);

/** JSON, prose, or prose that leads to JSON. */
function readProse(walk: Walk, text: string, depth: number): void {
  const start = jsonStart(text);
  const parsed = start < 0 ? undefined : parseJson(text, start);
  if (parsed === undefined) {
    // No prose begins with a brace: a body was cut, or two were glued together.
    if (/^\[?\{/.test(text) && walk.characters > 0) walk.signals.broken = true;
    if (isAnswerText(text)) readAnswerText(flatten(text), walk.signals);
    else readPlain(walk, text);
    return;
  }
  if (start > 0) readPlain(walk, text.slice(0, start));
  if (typeof parsed === "string") readText(walk, parsed, depth + 1);
  else visit(walk, parsed, depth + 1);
}

function readQuoted(
  walk: Walk,
  { name, text }: { name: string; text: string },
  depth: number,
): void {
  const end = text.lastIndexOf("Error message:");
  // What is quoted ends in a full stop; what is parsed ends in its last brace.
  const parsed = parseJson(end < 0 ? text : text.slice(0, end), 0);
  if (name.startsWith("JSON")) walk.signals.broken = true;
  else walk.signals.names.push("AI_TypeValidationError");
  walk.signals.texts.push(`${name.split(":")[0] ?? ""}.`);
  if (isFields(parsed)) visit(walk, parsed, depth + 1);
}

/** Where JSON begins: the first brace, or the bracket just before it. */
function jsonStart(text: string): number {
  if (text.startsWith("[{") || text.startsWith('"')) return 0;
  const brace = text.indexOf("{");
  if (brace <= 0) return brace;
  const bracket = text.lastIndexOf("[", brace);
  return bracket >= 0 && text.slice(bracket + 1, brace).trim() === "" ? bracket : brace;
}

function parseJson(text: string, start: number): unknown {
  const end = Math.max(
    text.lastIndexOf("}"),
    text.lastIndexOf("]"),
    start === 0 ? text.lastIndexOf('"') : -1,
  );
  for (const stop of text[start] === "{" ? [text.lastIndexOf("}")] : [end, end - 1]) {
    if (stop <= start) continue;
    try {
      return JSON.parse(text.slice(start, stop + 1)) as unknown;
    } catch {
      // Text that only looks like JSON is read as text.
    }
  }
  return undefined;
}

function readPlain({ signals }: Walk, text: string): void {
  const line = flatten(text);
  if (signals.texts.includes(line)) return;
  signals.texts.push(line);
}

/** Server-sent events: each `data:` line is a body of its own. Behind them a raw error body may follow. */
function readEvents(walk: Walk, text: string, depth: number): boolean {
  const rest: string[] = [];
  let events = 0;
  for (const line of text.split(/\r?\n/, 2_000)) {
    const data = /^data: ?(.*)$/.exec(line)?.[1];
    const parsed = data === undefined ? undefined : parseJson(data, 0);
    if (isFields(parsed)) {
      events += 1;
      visit(walk, parsed, depth + 1);
    } else if (data === undefined && !/^(?:event|id|retry)?:/.test(line)) rest.push(line);
  }
  if (events === 0) return false;
  walk.signals.stream = true;
  readText({ ...walk, characters: textBudget }, rest.join("\n"), depth);
  return true;
}

function readObject(walk: Walk, value: Fields, depth: number): void {
  const { signals } = walk;
  if (get(value, "@type") !== undefined) {
    readDetail(value, signals);
    return;
  }
  const name = getText(value, "name");
  if (name !== undefined && name !== "Error") signals.names.push(name.slice(0, 100));
  // What a failed chain of tries died of is its last error; the earlier ones are history.
  const last = get(value, "lastError");
  if (isFields(last)) {
    visit(walk, last, depth + 1);
    return;
  }
  signals.url ||= (getText(value, "url") ?? "").slice(0, 500);
  const before = signals.texts.length;
  readStatus(walk, value, depth);
  readHeaders(get(value, "responseHeaders") ?? get(value, "headers"), signals);
  const asked = bodyDelay(value);
  if (asked !== undefined) signals.delays.push(asked);
  readAnswerBody(value, signals);
  readMessage(walk, value, depth);
  readInner(walk, value, depth);
  if (signals.texts.length === before && signals.answer === undefined)
    readUnknownObject(walk, value, depth);
}

function readMessage(walk: Walk, value: Fields, depth: number): void {
  const message = getText(value, "message");
  if (message === undefined || message === "") return;
  const before = walk.signals.texts.length;
  visit(walk, message, depth);
  const plain = walk.signals.texts.length > before ? walk.signals.texts[before] : undefined;
  if (plain !== undefined && depth >= walk.governing) walk.signals.message = plain;
}

// Where clients put the error within the error; the outermost first, so that the innermost speaks last.
const innerKeys = [
  "errorDetails",
  "details",
  "detail",
  "extensions",
  "innererror",
  "inner_error",
  "error_description",
  "error",
  "errors",
  "data",
  "body",
  "response",
  "cause",
  "metadata",
  "raw",
  "originalError",
  "status_details",
];

function readInner(walk: Walk, value: Fields, depth: number): void {
  for (const key of innerKeys) {
    const inner = get(value, key);
    if (inner === undefined || inner === null || inner === "") continue;
    if (key === "errors") noteLegacy(walk, inner);
    visit(walk, inner, depth + 1);
  }
  // The AI SDK parses bodies itself, and of some keeps only what its schema knows.
  if (!walk.signals.detailed) visit(walk, getText(value, "responseBody"), depth + 1);
  if (/TypeValidationError/.test(getText(value, "name") ?? ""))
    visit(walk, get(value, "value"), depth + 1);
}

/** Google's older error list: `errors: [{ message, domain, reason }]`. */
function noteLegacy(walk: Walk, errors: unknown): void {
  const [first] = items(errors, 1) ?? [];
  if (isFields(first) && getText(first, "domain") !== undefined) walk.signals.legacyErrors = true;
}

/** Whether it is an error of any realm. Reading the stack itself would have it written out. */
function isError(value: Fields): boolean {
  try {
    return value instanceof Error || "stack" in value;
  } catch {
    return false;
  }
}

/** A status in a name that leaves no doubt, as clients and low-code tools give it. */
const namedStatus = (value: Fields): unknown =>
  get(value, "statusCode") ??
  get(value, "status_code") ??
  get(value, "httpStatus") ??
  get(value, "httpCode");

function readStatus(walk: Walk, value: Fields, depth: number): void {
  const status = get(value, "status");
  const code = get(value, "code");
  const isBody = getText(value, "message") !== undefined && !isError(value);
  setStatus(walk, namedStatus(value) ?? status, isBody ? depth : -1);
  setCode(walk, code, isBody ? depth : -1);
  if (typeof status === "string") setRpc(walk, status);
  for (const key of ["type", "reason"]) {
    const reason = getText(value, key);
    if (reason !== undefined && reason.length < 80) walk.signals.reasons.push(reason);
  }
}

function setStatus(walk: Walk, status: unknown, depth: number): void {
  const number = typeof status === "string" && /^\d{3}$/.test(status) ? Number(status) : status;
  if (typeof number !== "number" || !(number >= 100 && number <= 599)) return;
  if (depth < 0) walk.signals.httpStatus ??= number;
  else if (isFailureStatus(number) && depth >= walk.governing) {
    walk.signals.bodyStatus = number;
    walk.governing = depth;
  }
}

function setRpc(walk: Walk, word: string): void {
  const upper = word.length < 30 ? word.toUpperCase() : "";
  if (Object.hasOwn(rpcStatus, upper)) walk.signals.rpc = upper;
}

function setCode(walk: Walk, code: unknown, depth: number): void {
  if (typeof code === "string" && !/^\d{3}$/.test(code)) {
    const short = code.slice(0, 80);
    if (/^[A-Z][A-Z0-9_]{3,}$/.test(short)) walk.signals.codes.push(short);
    walk.signals.reasons.push(short);
    setRpc(walk, short);
    return;
  }
  const number = numberOf(code) ?? -1;
  if (number > 0 && number < rpcWords.length) setRpc(walk, rpcWords[number] ?? "");
  else setStatus(walk, typeof code === "string" ? code : number, depth);
}
