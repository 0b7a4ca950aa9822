import { type Arrival } from "../arrivals.ts";

/** Characters in one chunk of a stream: ten tokens of four characters. */
export const chunkLength = 40;

/** The text that answers a call: no two of its places look the same, so that what is lost or doubled shows. */
export function textOf({ id, outputTokens }: Pick<Arrival, "id" | "outputTokens">): string {
  const length = outputTokens * 4;
  let text = "";
  for (let word = 0; text.length < length; word += 1)
    text += `${id.toString(36)}.${word.toString(36)} `;
  return text.slice(0, length);
}

/** How a text that was handed on differs from what it should be, in characters. */
export function compare(text: string, whole: string): { lost: number; extra: number } {
  let same = 0;
  while (same < text.length && text[same] === whole[same]) same += 1;
  if (text.length >= whole.length && text.endsWith(whole.slice(same)))
    return { lost: 0, extra: text.length - whole.length };
  return { lost: whole.length - same, extra: text.length - same };
}
