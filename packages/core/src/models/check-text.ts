import { doubtful, type Finding, invalid } from "./finding.ts";

const loneSurrogate = /\p{Surrogate}/u;

/**
 * Looks for what a text cannot carry to the API: half a surrogate pair (an error), control characters (a doubt: they have made the
 * server fail with 500). At most one finding of each. Linear, and never throws.
 *
 * @param field where the text stands, for the finding
 */
export function checkText(text: string, field: string): Finding[] {
  const findings: Finding[] = [];
  if (!text.isWellFormed()) {
    const at = text.search(loneSurrogate);
    findings.push(
      invalid({
        field,
        value: `${codePoint(text, at)} at character ${at}`,
        message: `${field} holds half a surrogate pair, which is no valid Unicode; a cut through an emoji leaves one.`,
        remedy: "Cut text between characters, or repair it with text.toWellFormed().",
      }),
    );
  }
  const at = firstControl(text);
  if (at !== -1) {
    findings.push(
      doubtful({
        field,
        value: `${codePoint(text, at)} at character ${at}`,
        message: `${field} holds control characters, which can make the server fail.`,
        remedy: "Remove control characters such as NUL and ESC; tab and line end are fine.",
      }),
    );
  }
  return findings;
}

/** The place of the first control character other than tab and line end, or -1. A loop, as a pattern takes five times as long. */
function firstControl(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 ? code !== 9 && code !== 10 && code !== 13 : code >= 0x7f && code < 0xa0) {
      return index;
    }
  }
  return -1;
}

const codePoint = (text: string, at: number): string =>
  `U+${(text.charCodeAt(at) || 0).toString(16).toUpperCase().padStart(4, "0")}`;
