import { trim } from "./board/trim.ts";

/** How long the last answers of one upstream × model took. */
export interface Latency {
  samples: number[];
  place: number;
}

const kept = 128;
/** With fewer samples a percentile says nothing. */
const enough = 20;

/** Takes in one duration at an upstream × model, in ms. */
export function sample(latencies: Map<string, Latency>, scope: string, duration: number): void {
  let latency = latencies.get(scope);
  if (!latency) {
    latencies.set(scope, (latency = { samples: [], place: 0 }));
    trim(latencies);
  }
  latency.samples[latency.place] = duration;
  latency.place = (latency.place + 1) % kept;
}

/** The duration that a share of the lately seen ones does not exceed; nothing while too few were seen. */
export function percentile({ samples }: Latency, share: number): number | undefined {
  if (samples.length < enough) return undefined;
  return samples.toSorted((one, other) => one - other)[Math.floor(share * (samples.length - 1))];
}
