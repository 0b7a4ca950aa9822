// What a call costs that waits, when many do.
import { createPolicy } from "@holdfast/core";
import { createVirtualClock } from "@holdfast/gemini-simulator";
import { bulkhead } from "cockatiel";

/** Many calls that wait at the same time. */
export interface WaitingCost {
  name: string;
  waiting: number;
  /** Memory of one, in bytes. */
  bytes: number;
  /** Processor time to let one in, in ns. */
  nanoseconds: number;
}

const answering = (): Promise<string> => Promise.resolve("ok");
const never = (): Promise<never> => new Promise(() => {});

/** Starts calls of which all but one wait, and answers what holds them, so that none is swept up while it is counted. */
type Start = (count: number) => unknown;

const ways: readonly { name: string; start: Start }[] = [
  {
    name: "holdfast: policy.execute at a used-up quota",
    start(count) {
      const options = { limits: { "*": { rpm: 1 } }, maxWaiting: count + 1 };
      // On a clock that stands still nobody is ever let in, and nothing keeps the process from ending.
      const policy = createPolicy(options, { clock: createVirtualClock() });
      const call = { model: "gemini-2.5-pro" };
      for (let nth = 0; nth <= count; nth += 1) policy.execute(answering, call).catch(() => {});
      return policy;
    },
  },
  {
    name: "cockatiel: bulkhead with a queue",
    start(count) {
      const policy = bulkhead(1, count + 1);
      for (let nth = 0; nth <= count; nth += 1) policy.execute(never).catch(() => {});
      return policy;
    },
  },
];

async function costOf(
  { name, start }: (typeof ways)[number],
  waiting: number,
): Promise<WaitingCost> {
  // What the measurement before held is let go of first.
  await new Promise(setImmediate);
  globalThis.gc?.();
  const memory = process.memoryUsage().heapUsed;
  const before = process.cpuUsage();
  const held = start(waiting);
  await new Promise(setImmediate);
  const { user, system } = process.cpuUsage(before);
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - memory) / waiting;
  if (held === undefined) throw new Error(`${name} holds nothing`);
  return { name, waiting, bytes, nanoseconds: ((user + system) * 1_000) / waiting };
}

/** Measures waiting calls in these numbers. Memory needs `--expose-gc`; without it the figures are coarse. */
export async function waitingCosts(counts: readonly number[]): Promise<WaitingCost[]> {
  const costs: WaitingCost[] = [];
  for (const waiting of counts) for (const way of ways) costs.push(await costOf(way, waiting));
  return costs;
}
