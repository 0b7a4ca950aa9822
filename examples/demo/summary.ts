import Table from "cli-table3";

import { paint } from "./print.ts";
import { type Framework } from "./story.ts";
import { type Tally } from "./timeline.ts";

/** How one call ended. */
export interface Result extends Tally {
  framework: Framework;
  answered: boolean;
  /** Whether it ended as its story says. */
  asTold: boolean;
}

const sum = (results: readonly Result[], field: keyof Tally): number =>
  results.reduce((total, result) => total + result[field], 0);

function row(name: string, results: readonly Result[]): string[] {
  const answered = results.filter((result) => result.answered).length;
  return [
    name,
    ...[results.length, answered, sum(results, "attempts"), sum(results, "saved")].map(String),
  ];
}

/** The table at the end, and what to read out of it. */
export function summary(results: readonly Result[]): string {
  const table = new Table({
    head: ["", "calls", "answered", "attempts", "requests saved\nby shared state"],
    colAligns: ["left", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const framework of ["AI SDK", "LangChain"] as const)
    table.push(
      row(
        framework,
        results.filter((result) => result.framework === framework),
      ),
    );
  table.push(row("together", results).map((cell) => paint.strong(cell)));
  const refused = results.filter(({ answered, asTold }) => !answered && asTold).length;
  const lost = results.filter(({ answered, asTold }) => !answered && !asTold).length;
  const lines = [
    table.toString(),
    `${sum(results, "savedByOther")} of the saved requests were spared because the other framework had found out.`,
  ];
  if (refused) lines.push(`${refused} call was refused on purpose: nothing mends a wrong request.`);
  if (lost) lines.push(`${lost} call(s) found no answer.`);
  return lines.join("\n");
}
