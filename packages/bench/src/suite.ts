import { fork } from "node:child_process";
// Which runs there are, and how they are shared out over the cores.
import { availableParallelism } from "node:os";

import { type Contender } from "./contender.ts";
import { contenders } from "./contenders/index.ts";
import { oracle, oracleFail } from "./contenders/oracle.ts";
import { type Detail, spreadOf, type Timeline, timelineOf } from "./detail.ts";
import { emptyTally, count, regretOf, type Row, rowOf } from "./metrics.ts";
import { runOnce } from "./run.ts";
import { type Scenario } from "./scenario.ts";
import { allScenarios, otherScenarios } from "./scenarios/index.ts";

/** One policy in one variant of a scenario, over all seeds. */
export interface Job {
  scenario: string;
  variant: string;
  policy: string;
  seeds: readonly number[];
  /** File of real traffic. */
  trace?: string;
  /** The same for a policy that cannot be told limits, whether they are told or not: such jobs are run once. */
  twins?: string;
}

/** What is run: names, or their beginnings; nothing named is everything. */
export interface Choice {
  scenarios?: readonly string[];
  policies?: readonly string[];
  seeds: readonly number[];
  /** A file of real traffic adds variants to S10. */
  trace?: string;
  /** The scenarios at other rates, outage lengths and sizes than those that results are published of. */
  elsewhere?: boolean;
}

/** The scenarios that are chosen from. */
export const scenariosOf = ({ trace, elsewhere }: Omit<Choice, "seeds">): readonly Scenario[] =>
  elsewhere ? otherScenarios() : allScenarios(trace);

const wanted = (names: readonly string[] | undefined, name: string): boolean =>
  !names?.length || names.some((one) => name.toLowerCase() === one.toLowerCase());

/** All jobs of a choice. The bound is always among them, since regret is measured against it. */
export function jobsOf(choice: Choice): Job[] {
  const { trace } = choice;
  return scenariosOf(choice)
    .filter(({ name }) => wanted(choice.scenarios, name))
    .flatMap((scenario) =>
      contenders
        .filter(({ name, origin }) => origin === "bound" || wanted(choice.policies, name))
        .filter((contender) => isApplicable(contender, scenario))
        .map(({ name, tellable, origin }) => ({
          ...(tellable ? {} : { twins: twinsOf(scenario, name) }),
          scenario: scenario.name,
          variant: scenario.variant,
          policy: name,
          seeds: choice.seeds.slice(0, mostSeeds(scenario, origin)),
          ...(trace === undefined ? {} : { trace }),
        })),
    );
}

function isApplicable({ applies, stream }: Contender, scenario: Scenario): boolean {
  if (scenario.weather.streams && !stream) return false;
  return applies?.(scenario) ?? true;
}

function mostSeeds(scenario: Scenario, origin: Contender["origin"]): number {
  const { mostSeeds: most = Infinity, mostPeerSeeds = Infinity } = scenario;
  return origin === "ours" || origin === "bound" ? most : Math.min(most, mostPeerSeeds);
}

const twinsOf = ({ name, variant }: Scenario, policy: string): string =>
  `${name} ${variant.replace(/told|learned/, "")} ${policy}`;

/** What a job comes to. */
export interface Result {
  row: Row;
  detail: Detail;
}

/** Runs one job. */
export async function runJob({
  scenario: name,
  variant,
  policy,
  seeds,
  trace,
}: Job): Promise<Result> {
  const scenario = [...allScenarios(trace), ...otherScenarios()].find(
    (one) => one.name === name && one.variant === variant,
  );
  const contender = contenders.find((one) => one.name === policy);
  if (!scenario || !contender) throw new Error(`no ${name} (${variant}) for ${policy}`);
  return measure(contender, scenario, seeds);
}

/** Runs a policy through a scenario once per seed. */
export async function measure(
  contender: Contender,
  scenario: Scenario,
  seeds: readonly number[],
): Promise<Result> {
  const tally = emptyTally();
  let timeline: Timeline | undefined;
  for (const seed of seeds) {
    const run = await runOnce(contender, scenario, seed);
    timeline ??= timelineOf(run, scenario);
    count(tally, run, scenario);
  }
  const answered = tally.ended.filter(({ how }) => how === "answered");
  return {
    row: rowOf(tally, scenario, contender),
    detail: {
      latencies: spreadOf(answered.map(({ latency }) => latency / 1_000)),
      timeline: timeline ?? { step: 1, answered: [], refused: [], quota: null },
    },
  };
}

/** Runs jobs on all cores. `onResult` hears of each as it ends; the results come back in the order of the jobs. */
export async function runAll(
  jobs: readonly Job[],
  onResult: (result: Result) => void = () => {},
): Promise<Result[]> {
  const first = new Map(jobs.map((job) => [job.twins ?? job, job] as const).toReversed());
  const unlike = jobs.filter((job) => first.get(job.twins ?? job) === job);
  const results = await shareOut(unlike, onResult);
  return withRegret(
    jobs.map((job) => {
      const result = results[unlike.indexOf(first.get(job.twins ?? job) ?? job)];
      if (!result) throw new Error(`${job.policy} brought no result in ${job.scenario}`);
      const own = { ...result, row: { ...result.row, variant: job.variant } };
      if (!unlike.includes(job)) onResult(own);
      return own;
    }),
  );
}

async function shareOut(
  jobs: readonly Job[],
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = fork(new URL("worker.ts", import.meta.url), { serialization: "advanced" });
      const give = (): void => {
        const index = next;
        next += 1;
        const job = jobs[index];
        if (job) worker.send({ index, job });
        else worker.disconnect();
      };
      worker.on("error", reject);
      worker.on("exit", (code) =>
        code ? reject(new Error(`a worker ended with ${code}`)) : resolve(),
      );
      worker.on("message", ({ index, result }: { index: number; result: Result }) => {
        results[index] = result;
        onResult(result);
        give();
      });
      give();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work));
  return results;
}

const key = (row: Row, policy: string): string => `${row.scenario} ${row.variant} ${policy}`;

/** Puts every row beside the bound of its variant. */
export function withRegret(results: readonly Result[]): Result[] {
  const rows = new Map(results.map(({ row }) => [key(row, row.policy), row]));
  return results.map(({ row, detail }) => {
    const own = contenders.find(({ name }) => name === row.policy);
    const bound =
      rows.get(key(row, own?.continues ? oracle.name : oracleFail.name)) ??
      rows.get(key(row, oracle.name));
    return { row: bound ? { ...row, regret: regretOf(row, bound) } : row, detail };
  });
}
