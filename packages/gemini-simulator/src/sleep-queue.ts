/** Who sleeps until when, in the order of waking. */
export interface SleepQueue {
  /** Resolves when `wakeNext` reaches `due`; rejects with the signal's reason when that is aborted first. */
  sleep(due: number, signal?: AbortSignal): Promise<void>;
  /** Wakes all who are due at the next moment up to `limit`; that moment, or `undefined` when there is nobody. */
  wakeNext(limit: number): number | undefined;
  /** How many sleep. */
  readonly size: number;
}

interface Sleeper {
  due: number;
  order: number;
  /** `undefined` once cancelled. */
  wake: (() => void) | undefined;
}

/** Makes an empty queue. Those who are due at the same moment wake in the order in which they fell asleep. */
export function createSleepQueue(): SleepQueue {
  const heap: Sleeper[] = [];
  let order = 0;
  let cancelled = 0;

  /** The first who is not cancelled. */
  function first(): Sleeper | undefined {
    while (heap[0] !== undefined && heap[0].wake === undefined) {
      pop(heap);
      cancelled--;
    }
    return heap[0];
  }

  return {
    get size() {
      return heap.length - cancelled;
    },
    sleep(due, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      return new Promise((resolve, reject) => {
        const sleeper: Sleeper = { due, order: order++, wake: resolve };
        push(heap, sleeper);
        if (signal === undefined) return;
        const onAbort = () => {
          sleeper.wake = undefined;
          cancelled++;
          reject(signal.reason);
        };
        signal.addEventListener("abort", onAbort, { once: true });
        sleeper.wake = () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        };
      });
    },
    wakeNext(limit) {
      const moment = first()?.due;
      if (moment === undefined || moment > limit) return undefined;
      for (let next = first(); next?.due === moment; next = first()) {
        pop(heap);
        next.wake?.();
      }
      return moment;
    },
  };
}

function isEarlier(one: Sleeper, other: Sleeper): boolean {
  return one.due < other.due || (one.due === other.due && one.order < other.order);
}

function push(heap: Sleeper[], sleeper: Sleeper): void {
  let index = heap.length;
  heap.push(sleeper);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || isEarlier(parent, sleeper)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = sleeper;
}

function pop(heap: Sleeper[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    const candidate = heap[child];
    if (candidate === undefined || isEarlier(last, candidate)) break;
    heap[index] = candidate;
    index = child;
  }
  heap[index] = last;
}

function smallerChild(heap: Sleeper[], index: number): number {
  const left = 2 * index + 1;
  const one = heap[left];
  const other = heap[left + 1];
  return one !== undefined && other !== undefined && isEarlier(other, one) ? left + 1 : left;
}
