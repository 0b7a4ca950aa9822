// Structure that only text shows: Python reprs, gRPC's text format, JSON that was cut off, escaped or wrapped by a terminal.

import { makeQuota, reasonIn, rpcStatus, rpcWords } from "./google-rpc.ts";
import { readDelays, readDuration } from "./retry-after.ts";
import type { Signals } from "./signals.ts";

/** One line: escapes undone, a terminal's line breaks and concatenations joined, white space collapsed. */
export function flatten(text: string): string {
  let line = text;
  if (line.includes("\\")) {
    // A run of backslashes is looked at eight at a time, so that a text full of them costs no more than another.
    line = line.replace(/\\{1,8}[nrt]/g, " ").replace(/\\{1,8}(["'`])/g, "$1");
  }
  line = line.replace(/ [\s│]+|[\n\r\t│][\s│]*/g, " ");
  if (line.includes("+")) line = line.replace(/['"] ?\+ ?['"]/g, "");
  // gRPC's text format writes maps as pairs of key and value.
  return line.includes("key: ")
    ? line.replace(/\bkey: ?"(\w{1,40})" ?,? ?value: ?"/g, '$1: "')
    : line;
}

// A name, a colon or an equals sign (or a brace, in gRPC's text format), and what follows up to a delimiter.
const pairs =
  /\b(quota_?metric|quota_?id|quota_?limit|quota_?(?:limit_)?value|(?:retry|quota_?reset)_?delay|retry[_-]?after|grpc_status|finish_?reason|block_?reason|reason|code|status|field|model)(?:["']? ?[:={]|(?:\]\([^)]{1,200}\))? is) ?["']?([^"',}\]]{1,120})/gi;

// The status in a client's own words. A number elsewhere in a sentence is not a status.
const statusInWords =
  /\[(\d{3}) ?(?:\]|[A-Z])|\b(?:http(?:\/[\d.]{1,3})?|status(?: code)?(?: of)?|error(?: code)?|code|failed)[ :=(,]{1,3}(\d{3})\b|(?:^|(?:error|exception|success|exhausted|denied|found|request|unavailable|exceeded|argument|failed)(?: \w{1,20}){0,3}: )([45]\d\d)(?=[ .:]|$)|\b([45]\d\d) (?:bad (?:request|gateway)|unauthorized|payment required|forbidden|not found|payload too large|too many requests|internal server error|service unavailable|gateway time)|\bresponse \((\d{3})\)|\b(?:returned|responded(?: with)?) (?:(?:an? |http |status |error )){0,3}([45]\d\d)(?=[:.,;)]|$)|^([45]\d\d)$/i;

const statusWords = new RegExp(`\\b(${Object.keys(rpcStatus).join("|")})\\b`);

const quotaSentence =
  /quota exceeded for (?:quota )?(?:metric:? ?)?['"]?([\w./ -]{3,120}?)['"]?(?:, limit: (\d+))(?:, model: ([\w./-]{1,80}))?/gi;
const olderQuotaSentence =
  /quota exceeded for (?:quota )?(?:metric:? ?)?['"]?([\w./ -]{3,120}?)['"]?(?: and limit ['"]([\w./ -]{3,120})['"]| with base model: ([\w./-]{1,80}))/gi;

/** A status of a failed HTTP answer. */
export const isFailureStatus = (status: number): boolean => status >= 400 && status <= 599;

interface Draft {
  metric?: string;
  id?: string;
  limit?: number;
  model?: string;
}

/** Gathers pairs into quotas: a name seen for the second time begins the next violation. */
class QuotaDrafts {
  readonly done: Draft[] = [];
  #draft: Draft = {};

  put(field: Draft): void {
    const [key] = Object.keys(field);
    if (key !== undefined && key in this.#draft) this.close();
    this.#draft = { ...this.#draft, ...field };
  }

  close(): void {
    if (this.#draft.metric !== undefined || this.#draft.id !== undefined)
      this.done.push(this.#draft);
    this.#draft = {};
  }
}

const word = (text: string): string => /^[\w./-]+/.exec(text)?.[0] ?? "";

type PairReader = (value: string, signals: Signals, drafts: QuotaDrafts) => void;

// google.generativeai's enum, which Python prints as a number.
const finishNumbers = [
  "",
  "STOP",
  "MAX_TOKENS",
  "SAFETY",
  "RECITATION",
  "OTHER",
  "LANGUAGE",
  "BLOCKLIST",
];

/** "STOP", "3", "<FinishReason.STOP: 'STOP'>". */
function finishWord(value: string): string {
  if (/^\d/.test(value)) return finishNumbers[Number.parseInt(value, 10)] ?? "";
  const name = /\b(?!FinishReason|BlockedReason|BlockReason)[A-Za-z][A-Za-z_-]{2,}/.exec(
    value,
  )?.[0];
  return name ?? "";
}

const readFinish: PairReader = (value, signals) => {
  const finishReason = finishWord(value);
  if (finishReason !== "") signals.answer = { ...signals.answer, finishReason };
};

const readStatusText = (value: string, signals: Signals): void => {
  const status = Number.parseInt(value, 10);
  if (isFailureStatus(status)) signals.bodyStatus = status;
};

const readCode: PairReader = (value, signals) => {
  readStatusText(value, signals);
  const code = word(value);
  if (/^(?:E[A-Z]{3}|UND_ERR|ERR_|CERT_)[A-Z_]*$/.test(code)) signals.codes.push(code);
};

/** A duration, or seconds without a unit. */
const readDelay: PairReader = (value, signals) => {
  const [, whole = "", nanos = "0"] = /(\d{1,9})(?:\s*nanos: ?(\d{1,9}))?/.exec(value) ?? [];
  const delay =
    readDuration(value) ?? (whole === "" ? undefined : Number(whole) * 1_000 + Number(nanos) / 1e6);
  if (delay !== undefined) signals.delays.push(delay);
};

const pairReaders: Readonly<Record<string, PairReader>> = {
  quotametric: (value, _signals, drafts) => drafts.put({ metric: word(value) }),
  quotaid: (value, _signals, drafts) => drafts.put({ id: word(value) }),
  quotalimit: (value, _signals, drafts) => drafts.put({ id: word(value) }),
  quotavalue: (value, _signals, drafts) => drafts.put({ limit: Number.parseInt(value, 10) }),
  quotalimitvalue: (value, _signals, drafts) => drafts.put({ limit: Number.parseInt(value, 10) }),
  model: (value, _signals, drafts) => drafts.put({ model: word(value) }),
  retrydelay: readDelay,
  quotaresetdelay: readDelay,
  retryafter: readDelay,
  grpcstatus: (value, signals) => {
    const rpc = rpcWords[Number.parseInt(value, 10)];
    if (rpc !== undefined && rpc !== "OK") signals.rpc = rpc;
  },
  finishreason: readFinish,
  blockreason: (value, signals) => {
    signals.answer = { ...signals.answer, blockReason: finishWord(value) };
  },
  reason: (value, signals) => {
    if (/^[A-Za-z_]{3,60}$/.test(value)) signals.reasons.push(value);
  },
  code: readCode,
  status: readStatusText,
  field: (value, signals) => {
    if (/^[\w.[\]]{1,120}$/.test(value)) signals.fields.push(value);
  },
};

function readPairs(text: string, signals: Signals): void {
  const drafts = new QuotaDrafts();
  for (const [, name = "", value = ""] of text.matchAll(pairs)) {
    pairReaders[name.toLowerCase().replaceAll(/[_-]/g, "")]?.(value, signals, drafts);
  }
  drafts.close();
  for (const draft of drafts.done) signals.violations.push(makeQuota(draft));
}

function readEmptyLists(text: string, signals: Signals): void {
  if (!/\b(?:choices|candidates)["']? ?[:=] ?\[ ?\]/.test(text)) return;
  signals.answer = { text: "", ...signals.answer };
}

const reasonPairs = /\b(finish|block)_?reason["'] ?: ?["']([A-Z_]{3,60})/gi;

/** Reads an answer whose JSON was cut: only its reasons, since what a model wrote may look like anything. */
export function readAnswerText(text: string, signals: Signals): void {
  readEmptyLists(text, signals);
  for (const [, which, reason = ""] of text.matchAll(reasonPairs)) {
    const key = which?.toLowerCase() === "finish" ? "finishReason" : "blockReason";
    signals.answer = { ...signals.answer, [key]: reason };
  }
}

/** Reads a text that is no JSON, or JSON no longer. */
export function readLooseText(text: string, signals: Signals): void {
  if (/[:={]/.test(text)) readPairs(text, signals);
  if (text.includes("[")) readEmptyLists(text, signals);
  if (/["']domain["'] ?: ?["'](?:global|usageLimits)|\breason: ?["']?forbidden\b/.test(text))
    signals.legacyErrors = true;
  if (text.includes("google.rpc.")) signals.detailed = true;
  if (/[A-Z]{3}_|[A-Z]{6}/.test(text)) readConstants(text, signals);
  else if (text.includes("code")) putRpc(signals, camelStatus(text));
  if (signals.bodyStatus === undefined && /\d{3}/.test(text)) readStatusInWords(text, signals);
}

/** Words in capitals: a status of google.rpc, a reason of ErrorInfo. */
function readConstants(text: string, signals: Signals): void {
  putRpc(signals, statusWords.exec(text)?.[1] ?? camelStatus(text));
  const reason = reasonIn(text);
  if (reason !== undefined && !signals.reasons.includes(reason)) signals.reasons.push(reason);
}

/** "UNKNOWN" stands before what gRPC then says more precisely. */
function putRpc(signals: Signals, rpc: string | undefined): void {
  if (rpc !== undefined && (rpc !== "UNKNOWN" || signals.rpc === undefined)) signals.rpc = rpc;
}

/** gRPC in Go writes "code = ResourceExhausted". */
function camelStatus(text: string): string | undefined {
  const camel = /\bcode ?= ?([A-Z][A-Za-z]{3,30})\b/.exec(text)?.[1];
  const status = camel?.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return status !== undefined && Object.hasOwn(rpcStatus, status) ? status : undefined;
}

function readStatusInWords(text: string, signals: Signals): void {
  const found = statusInWords.exec(text);
  const status = Number(found?.slice(1).find((group) => group !== undefined));
  if (isFailureStatus(status)) signals.bodyStatus = status;
}

/** Reads the delays that a sentence asks for. */
export function readDelayText(text: string, signals: Signals): void {
  for (const delay of readDelays(text)) signals.delays.push(delay);
}

/** Reads the quotas that a sentence names: a limit of 0 stands there only. */
export function readQuotaText(text: string, signals: Signals): void {
  if (!/quota exceeded/i.test(text)) return;
  for (const [, metric, limit, model] of text.matchAll(quotaSentence)) {
    signals.limits.push(makeQuota({ metric, limit: Number(limit), model }));
  }
  for (const [, metric, id, model] of text.matchAll(olderQuotaSentence)) {
    signals.limits.push(makeQuota({ metric, id, model }));
  }
}
