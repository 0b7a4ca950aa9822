// How gemini-cli (@google/gemini-cli-core 0.61.0) decides whether to try again, put into words of our own: the package itself
// brings 55 others along, too many for one figure. The steps and their order are those of its quota and retry modules.

/** What it makes of an error: its own error for refusals, the code of a connection, or nothing it knows. */
export type Verdict = QuotaError | string | undefined;

/** A refusal: to be tried again after so many seconds, or for good. */
class QuotaError extends Error {
  readonly again: boolean;
  readonly after: number | undefined;

  constructor(message: string, again: boolean, after?: number) {
    super(message);
    this.name = again ? "RetryableQuotaError" : "TerminalQuotaError";
    this.again = again;
    this.after = after;
  }
}

interface Detail {
  "@type"?: string;
  violations?: { quotaId?: string }[];
  retryDelay?: string;
  reason?: string;
  domain?: string;
  metadata?: Record<string, string>;
}

interface ApiFault {
  code?: number;
  message?: string;
  details?: Detail[];
}

type Loose = Record<string, unknown>;

const refused = new Set([429, 499, 503]);
const longestDelay = 300;
const connectionCodes = new Set([
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** Streams were seen to double commas. */
function mended(json: string): string {
  let before: string;
  let text = json;
  do {
    before = text;
    text = text.replaceAll(/,(\s*),/g, ",$1");
  } while (text !== before);
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(mended(text)) as unknown;
  } catch {
    return undefined;
  }
}

const first = (value: unknown): unknown => (Array.isArray(value) ? (value[0] as unknown) : value);

function faultIn(value: unknown): ApiFault | undefined {
  const fault = (first(value) as { error?: ApiFault } | undefined)?.error;
  return typeof fault === "object" ? fault : undefined;
}

/** The fault in a message that is JSON, or leads to JSON. */
function fromMessage(message: unknown): ApiFault | undefined {
  if (typeof message !== "string") return undefined;
  const whole = parsed(message);
  if (whole !== undefined) return faultIn(whole);
  const from = message.indexOf("{");
  const to = message.lastIndexOf("}");
  return from >= 0 && to > from ? faultIn(parsed(message.slice(from, to + 1))) : undefined;
}

/** The fault where clients put it: in the answer's body, beside it, in the message, in the cause's message. */
function outermost(error: Loose): ApiFault | undefined {
  const { response, cause } = error as { response?: { data?: unknown }; cause?: Loose };
  const data = response?.data;
  return (
    faultIn(typeof data === "string" ? parsed(data) : data) ??
    (error["error"] as ApiFault | undefined) ??
    fromMessage(error["message"]) ??
    fromMessage(cause?.["message"])
  );
}

/** The innermost fault: messages may hold another one as JSON. */
function innermost(error: Loose): ApiFault | undefined {
  let fault = outermost(error);
  for (let depth = 0; depth < 10 && typeof fault?.message === "string"; depth += 1) {
    const flat = fault.message.replaceAll("\u00A0", "").replaceAll("\n", " ");
    const inner = faultIn(parsed(flat));
    if (!inner) break;
    fault = inner;
  }
  return fault?.code && fault.message ? fault : undefined;
}

function secondsOf(delay: string | undefined): number | undefined {
  if (delay === undefined) return undefined;
  const amount = Number.parseFloat(delay);
  return Number.isNaN(amount) ? undefined : delay.endsWith("ms") ? amount / 1_000 : amount;
}

const delayed = (message: string, seconds: number): QuotaError =>
  new QuotaError(message, seconds <= longestDelay, seconds);

const capacity = /exhausted your capacity|capacity exceeded/i;

const plain = (message: string): QuotaError => new QuotaError(message, !capacity.test(message));

/** What `ErrorInfo` says is over for good. */
function isOver({ reason = "", domain = "" }: Detail): boolean {
  if (reason.startsWith("MODEL_CAPACITY_EX")) return true;
  return domain.includes("cloudcode-pa") && reason === "QUOTA_EXHAUSTED";
}

/** What the details of a refusal say. */
function byDetails(message: string, details: readonly Detail[]): QuotaError {
  const find = (type: string): Detail =>
    details.find((detail) => detail["@type"] === `type.googleapis.com/google.rpc.${type}`) ?? {};
  const quotas = (find("QuotaFailure").violations ?? []).map(({ quotaId }) => quotaId ?? "");
  if (quotas.some((id) => id.includes("PerDay") || id.includes("Daily")))
    return new QuotaError("You have exhausted your daily quota on this model.", false);
  const seconds = secondsOf(find("RetryInfo").retryDelay);
  const info = find("ErrorInfo");
  if (isOver(info)) return new QuotaError(message, false, seconds);
  if (seconds) return delayed(message, seconds);
  const perMinute = [...quotas, info.metadata?.["quota_limit"] ?? ""];
  if (perMinute.some((id) => id.includes("PerMinute"))) return new QuotaError(message, true, 60);
  return plain(message);
}

/** What the sentence of a refusal says, where it brings no details. */
function bySentence(message: string, known: boolean): QuotaError | undefined {
  const seconds = secondsOf(/Please retry in ([0-9.]+(?:ms|s))/.exec(message)?.[1]);
  if (seconds !== undefined) return delayed(message, seconds);
  return known ? plain(message) : undefined;
}

/** What it says of a refusal, with or without details. */
function refusal(error: Error): QuotaError | undefined {
  const fault = innermost(error as unknown as Loose);
  const status = fault?.code ?? (error as { status?: number }).status ?? 0;
  const message = fault?.message ?? error.message;
  const known = refused.has(status);
  if (known && /limit:\s*0(?!\d|\.\d)/.test(message.toLowerCase()))
    return new QuotaError(message, false);
  const { details = [] } = fault ?? {};
  return known && details.length > 0 ? byDetails(message, details) : bySentence(message, known);
}

/** The code of a failed connection, along the chain of causes. */
function connectionCode(error: Loose): string | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 6 && typeof current === "object" && current; depth += 1) {
    const { code, cause } = current as Loose;
    if (typeof code === "string") return connectionCodes.has(code) ? code : undefined;
    current = cause;
  }
  return undefined;
}

/** What gemini-cli asks of an error before it tries again. */
export function askGeminiCli(error: Error): Verdict {
  return refusal(error) ?? connectionCode(error as unknown as Loose);
}
