// The questions of classification, in the order they are asked: the structured before the spoken.

import type { FailureKind } from "../failure.ts";
import { accessSentences, moneySentences, permissionSentences } from "./access-sentences.ts";
import { answerSentences, emptySentences } from "./answer-sentences.ts";
import { judgeAnswer } from "./answer.ts";
import { chineseSentences, chineseTrouble } from "./chinese-sentences.ts";
import { classifyName } from "./client-errors.ts";
import { kindOfReason, rpcStatus } from "./google-rpc.ts";
import { classifyStatus } from "./http.ts";
import { classifyCode } from "./network.ts";
import { plainSentences } from "./plain-sentences.ts";
import { kindOfProviderCode, kindOfVagueCode } from "./providers.ts";
import { classifyQuota, isRefusal, type QuotaVerdict } from "./quota.ts";
import { invalidSentences, requestedSentences } from "./request-sentences.ts";
import { firstSaid } from "./sentence.ts";
import { statusOf, type Signals } from "./signals.ts";
import { capacitySentence, troubleSentences } from "./trouble-sentences.ts";

type Question = (signals: Signals, text: string) => QuotaVerdict | undefined;

const aborts =
  /^(?:(?:DOM)?AbortError|APIUserAbortError|Cancell?edError|GoogleGenerativeAIAbortError|ResponseAborted|ModelAbortError)$/;
const timeouts = /^(?!Connect)\w*(?:Timeout(?:Error|Exception)?|TimedOut(?:Error)?)$/;
const abortWords =
  /\buser (?:aborted|cancell?ed)|(?:operation|request|signal|fetch|delay|call|stream|context) (?:was |is |has been )?(?:aborted|cancell?ed)(?! due to)|(?:aborted|cancell?ed) by (?:the )?(?:user|caller|client)|^abort(?:ed|error)?$/im;

const answered = ({ httpStatus, bodyStatus, rpc }: Signals): boolean =>
  (bodyStatus ?? httpStatus ?? 0) >= 400 || rpc !== undefined;

/** Only the caller's own abort is `cancelled`; a deadline that fired is a `timeout`, though it aborts too. */
const askAbort: Question = (signals, text) => {
  if (answered(signals)) return undefined;
  if (signals.names.some((name) => timeouts.test(name))) return { kind: "timeout" };
  if (signals.names.some((name) => aborts.test(name))) return { kind: "cancelled" };
  if (signals.codes.length > 0) return undefined;
  return abortWords.test(text) ? { kind: "cancelled" } : undefined;
};

/** Where nobody answered, the system's own code for it says more than any sentence around it. */
const askSystem: Question = (signals, text) =>
  signals.codes.length > 0 && statusOf(signals) === undefined && signals.rpc === undefined
    ? askConnection(signals, text)
    : undefined;

const askAnswer: Question = (signals) => {
  const { answer, stream, broken, names } = signals;
  if (answer === undefined || answered(signals)) return undefined;
  const ended = answer.finishReason !== undefined || answer.blockReason !== undefined;
  if (stream && !ended) return { kind: "stream-interrupted" };
  // A valid chunk that only the client's schema did not know says nothing by having no finish reason yet.
  if (!ended && names.some((name) => name.includes("TypeValidationError"))) return undefined;
  const verdict = judgeAnswer(answer);
  // Of a body that was cut, nobody knows whether it had content.
  const cut = broken && ended && verdict?.kind === "empty-response";
  return cut ? { kind: "stream-interrupted" } : verdict;
};

const askNames: Question = ({ names }, text) => classifyName(names, text);

const askReasons: Question = (signals, text) => {
  for (const reason of signals.reasons) {
    const kind = kindOfReason(reason);
    if (kind === "invalid-api-key" && /expired|renew/i.test(text))
      return { kind: "api-key-expired" };
    // It speaks of one project's account, which another endpoint does not change.
    if (kind === "billing-required") return { kind, helps: { endpoint: false } };
    if (kind !== undefined) return { kind };
  }
  return undefined;
};

const askProviderCodes: Question = ({ reasons }) => {
  for (const reason of reasons) {
    const kind = kindOfProviderCode(reason);
    if (kind !== undefined) return { kind };
  }
  return undefined;
};

const askMoney: Question = (signals, text) =>
  signals.violations.length === 0 ? firstSaid(moneySentences, text) : undefined;

const ownQuota = /\byour quota|quota will reset|\bper (?:user|day|minute)\b/i;

const askLimits: Question = (signals, text) => {
  if (!isRefusal(signals, text)) return undefined;
  const unnamed = signals.violations.length === 0 && signals.limits.length === 0;
  // Code Assist says "exhausted your capacity" of a user's own quota.
  if (unnamed && capacitySentence.says.test(text) && !ownQuota.test(text))
    return { kind: "capacity-exhausted" };
  return classifyQuota(signals, text);
};

/** A server that says of itself that it is overloaded needs no other reason. */
const askOverload: Question = (signals, text) =>
  statusOf(signals) === 503 ? firstSaid([capacitySentence], text) : undefined;

const chinese = /[\u4E00-\u9FFF]/;

const askChinese: Question = (signals, text) =>
  chinese.test(text) && signals.violations.length + signals.limits.length === 0
    ? firstSaid(chineseSentences, text)
    : undefined;

const bare = /the caller does not have permission/i;

const sentences = [
  ...accessSentences,
  ...requestedSentences,
  ...answerSentences,
  ...permissionSentences,
];

const overloaded = new Set([429, 502, 503, 504]);

const askSentences: Question = (signals, text) => {
  const verdict = firstSaid(sentences, text);
  // Google says 400 to a body that is too large; 413 comes from a proxy, which another way avoids.
  if (verdict?.kind === "payload-too-large" && statusOf(signals) === 413)
    return classifyStatus(413);
  // A server that has no room for a model, or no time, has the model.
  const passing = verdict?.kind === "model-not-found" && overloaded.has(statusOf(signals) ?? 0);
  if (verdict !== undefined && !passing) return verdict;
  // Without details it may be a preview model that this project may not use.
  const other = bare.test(text) && !signals.legacyErrors && !signals.detailed;
  return other ? { kind: "permission-denied", helps: { model: true } } : undefined;
};

const askRequest: Question = (signals, text) => {
  const status = statusOf(signals) ?? 500;
  return status === 400 || status === 500 ? firstSaid(invalidSentences, text) : undefined;
};

/** A refused request had no answer that could be empty: what is empty there is a field of the request. */
const askEmpty: Question = (signals, text) => {
  const status = statusOf(signals) ?? 200;
  return status < 400 || status >= 500 ? firstSaid(emptySentences, text) : undefined;
};

/** An inner word may explain a server's own failure and a missing answer; other statuses explain themselves. */
const explained = (status: number | undefined): boolean =>
  status !== undefined && status >= 400 && ![408, 500, 503].includes(status);

// What a relay on this machine says of its own attempt: its 502 speaks of the way, not of a gateway.
const ownFetch = /fetch failed|failed to fetch|error sending request/i;

const askRelay: Question = (signals, text) =>
  statusOf(signals) === 502 && ownFetch.test(text) ? { kind: "network" } : undefined;

/**
 * How the connection failed. A stream that broke says so in words, and its socket's code is only the cause;
 * axios gives its own timeouts the code of an aborted connection.
 */
const askConnection: Question = (signals, text) => {
  if (explained(statusOf(signals))) return undefined;
  const found = signals.codes.map(classifyCode).find((verdict) => verdict !== undefined);
  if (found !== undefined && found.kind !== "network") return found;
  const said =
    firstSaid(troubleSentences, text) ??
    (chinese.test(text) ? firstSaid(chineseTrouble, text) : undefined);
  if (found === undefined || said?.kind === "stream-interrupted") return said;
  return said?.kind === "timeout" && signals.codes.includes("ECONNABORTED") ? said : found;
};

/** What statuses mean to Google: a 404 with its own status word came from the API, so the path was right. */
const askStatus: Question = (signals) => {
  const status = statusOf(signals);
  // Events of a stream carry their error inside an answer with status 200.
  const failed = status !== undefined && status >= 400;
  const verdict = classifyStatus(
    failed || signals.rpc === undefined ? status : rpcStatus[signals.rpc],
  );
  return verdict?.kind === "model-not-found" && signals.rpc !== undefined
    ? { kind: verdict.kind }
    : verdict;
};

const askVagueCodes: Question = ({ reasons }) => {
  const kind = reasons
    .map(kindOfVagueCode)
    .find((found): found is FailureKind => found !== undefined);
  return kind === undefined ? undefined : { kind };
};

const askPlainWords: Question = ({ names, codes }, text) =>
  codes.length > 0 ? undefined : firstSaid(plainSentences, [...names, text].join("\n"));

/** A body that is no body: cut, empty, or a proxy's page where an answer should be. */
const askBody: Question = ({ broken, httpStatus, texts, answer }, text) => {
  if (broken) return { kind: "stream-interrupted" };
  if (httpStatus === undefined || httpStatus >= 300 || answer !== undefined) return undefined;
  if (texts.length === 0) return { kind: "empty-response" };
  return /^<(?:!doctype|html|head|body)/i.test(text) ? { kind: "gateway-error" } : undefined;
};

const questions: readonly Question[] = [
  askAbort,
  askSystem,
  askNames,
  askReasons,
  askProviderCodes,
  askMoney,
  askChinese,
  askLimits,
  askOverload,
  askAnswer,
  askSentences,
  askRequest,
  askEmpty,
  askRelay,
  askConnection,
  askStatus,
  askVagueCodes,
  askBody,
  askPlainWords,
];

/** What went wrong. */
export function judge(signals: Signals, text: string): QuotaVerdict {
  for (const ask of questions) {
    const verdict = ask(signals, text);
    if (verdict !== undefined) return verdict;
  }
  return { kind: "unknown" };
}
