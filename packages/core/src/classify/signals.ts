// What a thrown or answered value says, flat: the only thing the questions of classification look at.

import type { QuotaViolation } from "../failure.ts";
import type { Answer } from "./answer.ts";

/** What was found in a value, gathered from all its layers; the innermost error's word counts most. */
export interface Signals {
  /** Names of error classes, outermost first. */
  names: string[];
  /** Codes of the system or the HTTP client: ECONNRESET, UND_ERR_SOCKET, ERR_CANCELED, CERT_HAS_EXPIRED. */
  codes: string[];
  /** `google.rpc.ErrorInfo.reason`, Google's older `errors[].reason`, other providers' `code` and `type`. */
  reasons: string[];
  /** Status of the HTTP answer as the client reports it. */
  httpStatus?: number;
  /** Status the innermost body or sentence names, which a relay's own status may contradict. */
  bodyStatus?: number;
  /** Canonical status word of google.rpc, upper case. */
  rpc?: string;
  /** Quotas that details name. */
  violations: QuotaViolation[];
  /** Quotas that sentences name. */
  limits: QuotaViolation[];
  /** Fields of the request that were complained about. */
  fields: string[];
  /** Delays asked for, in ms. */
  delays: number[];
  headers: Record<string, string>;
  /** Sentences, white space collapsed, outermost first. */
  texts: string[];
  /** The sentence of the innermost error object. */
  message?: string;
  model?: string;
  provider?: string;
  /** Where the request went, where the client tells. */
  url?: string;
  /** A model's answer, where the value holds one. */
  answer?: Answer;
  /** Google's older error list, which the Gemini API itself does not send, but Code Assist does. */
  legacyErrors: boolean;
  /** Details of google.rpc were there. */
  detailed: boolean;
  /** The value held server-sent events. */
  stream: boolean;
  /** A text that begins as JSON does not end as such. */
  broken: boolean;
}

/** Nothing said yet. */
export function noSignals(): Signals {
  return {
    names: [],
    codes: [],
    reasons: [],
    violations: [],
    limits: [],
    fields: [],
    delays: [],
    headers: {},
    texts: [],
    legacyErrors: false,
    detailed: false,
    stream: false,
    broken: false,
  };
}

/** The status that governs: an inner error's, because relays turn a provider's 400 into a 500 of their own. */
export const statusOf = (signals: Signals): number | undefined =>
  signals.bodyStatus ?? signals.httpStatus;
