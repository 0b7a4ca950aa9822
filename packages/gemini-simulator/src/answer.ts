/** What goes over the wire for one request, described and not yet sent. */
export interface Answer {
  /** Milliseconds before the first byte. */
  delay: number;
  /** `undefined` when the connection ends or hangs before any header. */
  head: { status: number; headers: Record<string, string> } | undefined;
  /** The body; each chunk waits its own `delay` in milliseconds first. */
  chunks: Chunk[];
  /** What follows the last chunk (or the delay, without a head). */
  ending: "complete" | "reset" | "hang" | "refused";
}

/** A piece of a body. */
export interface Chunk {
  delay: number;
  text: string;
}

const commonHeaders = {
  vary: "Origin, X-Origin, Referer",
  server: "scaffolding on HTTPServer2",
  "x-xss-protection": "0",
  "x-frame-options": "SAMEORIGIN",
  "x-content-type-options": "nosniff",
};

/** Headers as Google's front end sends them. */
export function googleHeaders(contentType: string): Record<string, string> {
  return { "content-type": contentType, ...commonHeaders };
}

/** An answer whose whole body is one text. */
export function textAnswer(status: number, contentType: string, text: string): Answer {
  return {
    delay: 0,
    head: { status, headers: googleHeaders(contentType) },
    chunks: text === "" ? [] : [{ delay: 0, text }],
    ending: "complete",
  };
}

/** A JSON answer, printed as Gemini prints it: indented, with a newline at the end. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return textAnswer(status, "application/json; charset=UTF-8", prettyJson(value));
}

/** Indented JSON with a newline at the end. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A connection that ends without an HTTP answer. */
export function connectionAnswer(ending: "reset" | "hang" | "refused", delay = 0): Answer {
  return { delay, head: undefined, chunks: [], ending };
}
