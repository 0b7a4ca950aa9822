import { isatty } from "node:tty";

import pc from "picocolors";

// picocolors paints wherever the variable CI is set, too; a log is no terminal.
const { bold, cyan, dim, green, red } = pc.createColors(
  isatty(process.stdout.fd) && pc.isColorSupported,
);

/** Colours a text, or leaves it plain where the output is no terminal. */
export type Paint = (text: string) => string;

/** What the colours mean. */
export const paint: Readonly<
  Record<"good" | "bad" | "quiet" | "known" | "strong" | "plain", Paint>
> = {
  good: green,
  bad: red,
  quiet: dim,
  known: cyan,
  strong: bold,
  plain: (text) => text,
};

const width = Math.min(process.stdout.columns || 100, 100);
/** Whether there is no room for columns. */
export const isNarrow: boolean = width < 80;

/** Prints a text in lines that fit, each after the first as far to the right as the text began. */
export function print(lead: string, text: string, colour: Paint = paint.plain): void {
  const room = width - lead.length;
  let line = "";
  let start = lead;
  const end = (): void => {
    console.log(paint.quiet(start) + colour(line));
    start = " ".repeat(lead.length);
  };
  for (const word of text.split(/\s+/)) {
    if (line && line.length + 1 + word.length > room) {
      end();
      line = "";
    }
    line += line ? ` ${word}` : word;
  }
  end();
}

/** A duration in ms, for people. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`.replace(" 0 min", "");
}
