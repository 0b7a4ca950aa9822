import { type Texts, textsOf } from "./walk-texts.ts";

/** No token of a published Gemini vocabulary is longer; it is the run of spaces. */
const longestToken = 32;

/** What an image costs at the default resolution of Gemini 3; older models take 258 a tile. */
const imageTokens = 1_120;

/** Audio of 16 kB a second costs 32 tokens a second; video at usual rates costs about as much a byte. */
const bytesPerMediaToken = 500;

/**
 * About how many input tokens a text, or the body of a request, costs: good enough to reserve tokens of a limit.
 *
 * Latin letters count a quarter, other alphabets a half, Chinese, Japanese, Korean and emoji three quarters of a token. Media inside
 * the body are guessed from kind and size; a file that is only referred to counts as one image. Linear, and never throws.
 */
export function estimateTokens(input: unknown): number {
  if (typeof input === "string") return Math.ceil(textTokens(input));
  return textsTokens(textsOf(input));
}

/** The same for what a body says. */
export function textsTokens({ texts, media }: Texts): number {
  let tokens = 0;
  for (const { text } of texts) tokens += textTokens(text);
  for (const { image, length } of media) {
    tokens += image ? imageTokens : Math.max(258, (length * 3) / 4 / bytesPerMediaToken);
  }
  return Math.ceil(tokens);
}

function textTokens(text: string): number {
  let quarters = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) quarters += 1;
    else quarters += code < 0x2e_80 ? 2 : 3;
  }
  return quarters / 4;
}

/**
 * The fewest tokens a text can possibly cost: a token spans no two words and at most 32 characters, spaces are free. So a text
 * whose fewest tokens exceed a limit is certain to be refused. Linear.
 */
export function fewestTokens(text: string): number {
  let tokens = 0;
  let wordStart = -1;
  for (let index = 0; index <= text.length; index++) {
    const inWord = index < text.length && !isSpace(text.charCodeAt(index));
    if (inWord && wordStart === -1) wordStart = index;
    if (!inWord && wordStart !== -1) {
      tokens += Math.ceil((index - wordStart) / longestToken);
      wordStart = -1;
    }
  }
  return tokens;
}

const isSpace = (code: number): boolean => code <= 0x20 || code === 0xa0 || code === 0x30_00;
