// Times things side by side: every round runs every case, in turn from another one on, so that whatever slows the machine
// down slows all of them; what counts is the median of the rounds and the ratio to a case of the same run.

/** One thing to be timed. */
interface Case {
  name: string;
  /** Does it once. */
  run: () => unknown;
}

/** Things that are compared with each other. */
export interface Comparison {
  name: string;
  /** The case that the others are a ratio of. */
  peer: string;
  cases: readonly Case[];
  /** How often a case runs in one round. */
  times: number;
  /** How many of what is counted one run does, such as parts of a stream. @default 1 */
  units?: number;
}

/** One case's figures. */
export interface Timing {
  comparison: string;
  name: string;
  /** Processor time per unit in ns, median over the rounds. */
  nanoseconds: number;
  peer: string;
  /** To the peer's. */
  ratio: number;
}

/** Processor time and not that of the clock: other processes of a busy machine take none of it. */
async function round({ run }: Case, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let nth = 0; nth < times; nth += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / times;
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Times a comparison. */
export async function time(comparison: Comparison, rounds: number): Promise<Timing[]> {
  const { name, peer, cases, times, units = 1 } = comparison;
  const taken = new Map(cases.map((one) => [one.name, [] as number[]]));
  const warmUp = Math.ceil(rounds / 4);
  for (let nth = -warmUp; nth < rounds; nth += 1) {
    for (let turn = 0; turn < cases.length; turn += 1) {
      const one = cases[(turn + nth + warmUp) % cases.length];
      if (!one) continue;
      const nanoseconds = await round(one, times);
      if (nth >= 0) taken.get(one.name)?.push(nanoseconds / units);
    }
  }
  const medians = new Map([...taken].map(([key, values]) => [key, median(values)]));
  const base = medians.get(peer) ?? Number.NaN;
  return [...medians].map(([key, nanoseconds]) => ({
    comparison: name,
    name: key,
    nanoseconds,
    peer,
    ratio: nanoseconds / base,
  }));
}
