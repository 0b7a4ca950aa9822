// `pnpm bench`: runs the scenarios and prints what came of it.
import { writeFileSync } from "node:fs";

import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";

import { contenders } from "./contenders/index.ts";
import { sharedRow } from "./metrics.ts";
import { micro, microTables } from "./micro/index.ts";
import { circumstances } from "./report/circumstances.ts";
import { pageOf } from "./report/page.ts";
import { tableOf } from "./report/table.ts";
import { allScenarios } from "./scenarios/index.ts";
import { soak } from "./soak.ts";
import { jobsOf, runAll, scenariosOf } from "./suite.ts";

interface Options {
  scenario?: string[];
  policy?: string[];
  seeds: number[];
  json?: string;
  details?: string;
  html?: string;
  micro?: boolean;
  soak?: number;
  trace?: string;
  elsewhere?: boolean;
}

/** `0-29`, `7` or `1,5,9`. */
function parseSeeds(text: string): number[] {
  const seeds = text.split(",").flatMap((part) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (from === undefined)
      throw new InvalidArgumentError("give numbers and ranges, such as 0-29 or 1,5,9");
    return Array.from(
      { length: Number(to) - Number(from) + 1 },
      (_, index) => Number(from) + index,
    );
  });
  return seeds;
}

function parseNames(known: readonly string[]): (text: string) => string[] {
  return (text) => {
    const names = text.split(",");
    const stranger = names.find(
      (name) => !known.some((one) => one.toLowerCase() === name.toLowerCase()),
    );
    if (stranger !== undefined)
      throw new InvalidArgumentError(
        `there is no ${stranger}; there are ${[...new Set(known)].join(", ")}`,
      );
    return names;
  };
}

const save = (file: string | undefined, value: unknown): void => {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
};

async function small(json: string | undefined): Promise<void> {
  const costs = await micro((name) => console.error(name));
  console.log(microTables(costs));
  save(json, costs);
}

async function long(calls: number): Promise<void> {
  const looks = await soak({ calls, every: Math.ceil(calls / 10_000) * 1_000 });
  console.table(looks.map(({ heap, ...look }) => ({ ...look, "heap, MB": heap / 1e6 })));
}

async function scenarios(options: Options): Promise<void> {
  const { scenario, policy, seeds, json, details, html, trace, elsewhere = false } = options;
  const choice = {
    seeds,
    elsewhere,
    ...(scenario ? { scenarios: scenario } : {}),
    ...(policy ? { policies: policy } : {}),
    ...(trace === undefined ? {} : { trace }),
  };
  const jobs = jobsOf(choice);
  const bar = new SingleBar({
    format: "{bar} {value}/{total} {last}",
    clearOnComplete: true,
    noTTYOutput: false,
  });
  bar.start(jobs.length, 0, { last: "" });
  const results = await runAll(jobs, ({ row }) =>
    bar.increment({ last: `${row.scenario} (${row.variant}) ${row.policy}` }),
  );
  const rows = results.map(({ row }) => row);
  bar.stop();
  const titles = new Map(
    scenariosOf(choice).map(({ name, variant, title }) => [`${name} (${variant})`, title]),
  );
  console.log(tableOf(rows, titles));
  if (html !== undefined)
    writeFileSync(
      html,
      await pageOf({ results, titles: Object.fromEntries(titles), ...circumstances() }),
    );
  save(json, rows.map(sharedRow));
  save(details, rows);
}

await new Command("bench")
  .description("Holdfast beside its peers and beside the best that is possible, in virtual time")
  .option(
    "--scenario <names>",
    "such as S1,S6c",
    parseNames(allScenarios().map(({ name }) => name)),
  )
  .option(
    "--policy <names>",
    "such as holdfast,naive",
    parseNames(contenders.map(({ name }) => name)),
  )
  .option("--seeds <range>", "such as 0-29", parseSeeds, parseSeeds("0-29"))
  .option("--json <file>", "write one row per scenario, variant and policy")
  .option("--details <file>", "write the same rows with every measure and its regret")
  .option("--html <file>", "write one page with charts")
  .option(
    "--trace <file>",
    "real traffic for S10, such as AzureLLMInferenceTrace_code.csv of the Azure Public Dataset",
  )
  .option(
    "--elsewhere",
    "the same scenarios at other rates, outage lengths and sizes, with which nothing was tuned",
  )
  .option(
    "--micro",
    "measure the small costs instead: calls, parts, classifications, waiting, weight",
  )
  .option("--soak <calls>", "make so many calls of every sort and print what is held", Number)
  .action((options: Options) => {
    if (options.soak) return long(options.soak);
    return options.micro ? small(options.json) : scenarios(options);
  })
  .parseAsync();
