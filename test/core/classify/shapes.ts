// The shapes in which clients show one and the same Gemini error. Built here, so that a case is one line.

export interface Body {
  error: { code: number; message: string; status: string; details?: unknown[] };
}

/** Gemini's error body; `said` is code and status, "429 RESOURCE_EXHAUSTED". */
export const body = (said: string, message: string, details?: unknown[]): Body => ({
  error: {
    code: Number(said.slice(0, 3)),
    message,
    status: said.slice(4),
    ...(details ? { details } : {}),
  },
});

const type = (name: string) => `type.googleapis.com/google.rpc.${name}`;

export const errorInfo = (reason: string, metadata?: Record<string, string>): object => ({
  "@type": type("ErrorInfo"),
  reason,
  domain: "googleapis.com",
  ...(metadata ? { metadata } : {}),
});

export const retryInfo = (retryDelay: string): object => ({
  "@type": type("RetryInfo"),
  retryDelay,
});

export const quotaFailure = (
  ...violations: { quotaMetric?: string; quotaId?: string; quotaValue?: string; model?: string }[]
): object => ({
  "@type": type("QuotaFailure"),
  violations: violations.map(({ model, ...rest }) => ({
    ...rest,
    ...(model ? { quotaDimensions: { location: "global", model } } : {}),
  })),
});

const named = (error: Error, fields: Record<PropertyKey, unknown>) => Object.assign(error, fields);

const words: Record<number, string> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Every client's way of showing a body. */
export const clients: Record<string, (body: Body) => unknown> = {
  "an HTTP answer with a parsed body": (b) => ({ status: b.error.code, headers: {}, body: b }),
  "an HTTP answer with a text body": (b) => ({
    status: b.error.code,
    headers: {},
    body: `${JSON.stringify(b, null, 2)}\n`,
  }),
  "an HTTP answer wrapped in an array": (b) => ({
    status: b.error.code,
    headers: {},
    body: JSON.stringify([b]),
  }),
  "a body alone": (b) => b,
  "an AI SDK error": (b) =>
    named(new Error(b.error.message), {
      name: "AI_APICallError",
      [Symbol.for("vercel.ai.error")]: true,
      [Symbol.for("vercel.ai.error.AI_APICallError")]: true,
      url: "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent",
      requestBodyValues: { contents: [{ parts: [{ text: "is my API key leaked? limit: 0" }] }] },
      statusCode: b.error.code,
      responseHeaders: {},
      responseBody: JSON.stringify(b),
      data: b,
    }),
  "an AI SDK error whose body was not understood": (b) =>
    named(new Error(words[b.error.code] ?? ""), {
      name: "AI_APICallError",
      statusCode: b.error.code,
      responseBody: JSON.stringify([b]),
    }),
  "an AI SDK retry error": (b) => {
    const lastError = clients["an AI SDK error"]?.(b);
    return named(new Error(`Failed after 3 attempts. Last error: ${b.error.message}`), {
      name: "AI_RetryError",
      reason: "maxRetriesExceeded",
      errors: [new Error("fetch failed"), lastError],
      lastError,
    });
  },
  "an AI SDK stream error part": (b) => ({
    message: b.error.message,
    type: b.error.status,
    code: b.error.code,
    statusCode: b.error.code,
    data: b.error,
    [Symbol.for("vercel.ai.providerStreamError")]: true,
  }),
  "a @langchain/google-genai error": (b) =>
    named(
      new Error(
        `[GoogleGenerativeAI Error]: Error fetching from https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent: [${b.error.code} ${words[b.error.code] ?? ""}] ${b.error.message}${b.error.details ? ` ${JSON.stringify(b.error.details)}` : ""}`,
      ),
      { status: b.error.code, statusText: words[b.error.code], errorDetails: b.error.details },
    ),
  "the text of a @langchain/google-genai error": (b) =>
    `[GoogleGenerativeAI Error]: Error fetching from https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent: [${b.error.code} ] ${b.error.message}${b.error.details ? ` ${JSON.stringify(b.error.details)}` : ""}`,
  "a @langchain/google error": (b) =>
    named(new Error(b.error.message), {
      name: "RequestError",
      statusCode: b.error.code,
      headers: {},
      data: b,
    }),
  "a LangChain middleware error": (b) =>
    named(
      new Error(b.error.message, {
        cause: new Error("outer", { cause: clients["a @langchain/google error"]?.(b) }),
      }),
      {
        name: "RequestError",
        "~brand": "MiddlewareError",
      },
    ),
  "a @google/genai error": (b) =>
    named(new Error(JSON.stringify(b)), { name: "ApiError", status: b.error.code }),
  "a @google/genai stream error": (b) =>
    named(
      new Error(
        JSON.stringify({
          error: {
            message: `${JSON.stringify(b, null, 2)}\n`,
            code: b.error.code,
            status: words[b.error.code],
          },
        }),
      ),
      { name: "ApiError", status: b.error.code },
    ),
  "the text of an older @google/genai error": (b) =>
    `ClientError: got status: ${b.error.code} ${words[b.error.code] ?? ""}. ${JSON.stringify({ error: { message: JSON.stringify(b, null, 2), code: b.error.code, status: words[b.error.code] } })}`,
  "a gaxios error": (b) =>
    named(new Error(JSON.stringify([b])), {
      name: "GaxiosError",
      code: String(b.error.code),
      status: b.error.code,
      config: { headers: {} },
      response: { status: b.error.code, headers: {}, data: [b] },
    }),
  "an axios error": (b) =>
    named(new Error(`Request failed with status code ${b.error.code}`), {
      name: "AxiosError",
      code: "ERR_BAD_REQUEST",
      response: { status: b.error.code, headers: {}, data: b },
    }),
  "an OpenAI client error": (b) =>
    named(new Error(`${b.error.code} ${b.error.message}`), {
      status: b.error.code,
      headers: new Headers(),
      error: b.error,
    }),
  "a Python line": (b) => `${b.error.code} ${b.error.status}. ${pythonRepr(b)}`,
  "a cut Python line": (b) =>
    `google.genai.errors.ClientError: ${b.error.code} ${b.error.status}. ${pythonRepr(b).slice(0, -4)}`,
  "a line of gemini-cli": (b) => `✕ [API Error: ${JSON.stringify([b], null, 2)}]`,
  "a relay's answer": (b) => ({
    status: 500,
    headers: {},
    body: {
      error: {
        message: `Provider returned error`,
        code: 500,
        metadata: { raw: JSON.stringify(b), provider_name: "Google" },
      },
    },
  }),
  "util.inspect's print, wrapped by a terminal": (b) =>
    `data: '${JSON.stringify([b], null, 2)
      .split("\n")
      .map((line) => `${line}\\n' +\n  '`)
      .join("")}'`,
};

function pythonRepr(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `'${key}': ${pythonRepr(inner)}`)
      .join(", ")}}`;
  }
  return typeof value === "string" ? `'${value.replaceAll("\n", "\\n")}'` : String(value);
}
