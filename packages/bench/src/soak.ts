// Very many calls of every sort under one policy, in virtual time: whether anything grows that should not.
import {
  type AccountOptions,
  attempted,
  type Call,
  createPolicy,
  memoryStore,
  type Policy,
} from "@holdfast/core";
import { createVirtualClock, type VirtualClock } from "@holdfast/gemini-simulator";

import { sequence } from "./random.ts";

/** What was held after so many calls. */
export interface SoakLook {
  calls: number;
  answered: number;
  failed: number;
  /** Bytes after a collection; coarse without `--expose-gc`. */
  heap: number;
  /** What `policy.status()` shows. */
  closed: number;
  domains: number;
  waiting: number;
  /** Hours of virtual time. */
  hours: number;
}

/** How much to do. */
export interface SoakOptions {
  calls: number;
  /** A look after so many calls. */
  every: number;
  onLook?: (look: SoakLook) => void;
}

const together = 500;
const minute = "GenerateRequestsPerMinutePerProjectPerModel";
const day = "GenerateRequestsPerDayPerProjectPerModel";

function quota(id: string, quotaValue: string, retryDelay: string): object {
  const violation = { quotaId: id, quotaValue, quotaMetric: "requests" };
  return {
    code: 429,
    message: "You exceeded your current quota",
    details: [
      { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [violation] },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay },
    ],
  };
}

const reason = (name: string): object[] => [
  { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: name, domain: "googleapis.com" },
];

/** What goes wrong with anybody, in Gemini's words. */
const errors: readonly object[] = [
  { code: 503, message: "The model is overloaded. Please try again later." },
  { code: 500, message: "An internal error has occurred." },
  { code: 504, message: "Deadline expired before operation could complete." },
  quota(minute, "1000", "7s"),
  { code: 400, message: "Invalid value at 'temperature' (TYPE_FLOAT)" },
];

/** What is wrong with one end user's key, project or place, for long. */
const ownErrors: readonly object[] = [
  ...errors,
  { code: 404, message: "models/x is not found for API version v1beta" },
  quota(minute, "0", "20s"),
  quota(day, "500", "30s"),
  { code: 400, message: "API key not valid.", details: reason("API_KEY_INVALID") },
  {
    code: 403,
    message: "Generative Language API is disabled",
    details: reason("SERVICE_DISABLED"),
  },
  { code: 400, message: "User location is not supported for the API use." },
];

/** Every so many calls one is of an end user nobody has seen before, with a key and an endpoint of their own. */
const perUser = 40;
/** Every so many calls one takes its time and may fail; the others are answered at once, as most are. */
const perTrouble = 12;

const thrown = (error: object & { code?: number }): Error =>
  Object.assign(new Error("refused"), { status: error.code, data: { error } });

const usage = { inputTokens: 900, outputTokens: 90 };

/** What a call of a number meets: most are answered, some only at the second attempt, few never. */
function callOf(nth: number, clock: VirtualClock, random: () => number): Call<string> {
  if (nth % perTrouble && nth % perUser) return () => attempted("ok", { usage });
  const chance = random();
  const [own, list] = nth % perUser ? [false, errors] : [true, ownErrors];
  const error = list[Math.floor(random() * list.length)] ?? {};
  const share = own ? 0.5 : 0.05;
  return async (_, { attempt, signal }) => {
    await clock.sleep(100 + 900 * random(), signal);
    if (chance < share && (attempt === 1 || chance < 0.01)) throw thrown(error);
    if (chance < share + 0.01 && attempt === 1) throw new TypeError("fetch failed");
    if (chance < share + 0.02 && attempt === 1)
      return attempted("", { usage, answer: { finishReason: "STOP" } });
    if (chance > 0.95)
      return attempted("stream", { settled: clock.sleep(2_000).then(() => ({ usage })) });
    return attempted("ok", { usage, modelVersion: "served" });
  };
}

const userOf = (nth: number): AccountOptions => ({
  name: `user-${nth}`,
  apiKey: `AIzaSyFake-key-of-user-${nth}-0123456789`,
  baseURL: `https://user-${nth}.example`,
});

/** A policy with a bit of everything. */
function policyOn(clock: VirtualClock): Policy {
  const names = ["a", "b", "c", "d"];
  return createPolicy(
    {
      accounts: names.map((name, place) => ({
        name,
        apiKey: `AIzaSyFake-key-of-${name}-0123456789`,
        ...(place < 2 ? { project: name } : {}),
      })),
      fallbacks: { "*": ["lesser"] },
      limits: { narrow: { rpm: 400 } },
      order: "balanced",
      concurrency: "adaptive",
      hedge: {},
      deadline: 30_000,
      allow: { relays: true },
      patience: 2_000,
      store: memoryStore(),
      onEvent: () => {},
    },
    { clock },
  );
}

/** Makes the calls, and looks from time to time at what is held. */
export async function soak({ calls, every, onLook }: SoakOptions): Promise<SoakLook[]> {
  const clock = createVirtualClock();
  const random = sequence(1);
  const policy = policyOn(clock);
  const looks: SoakLook[] = [];
  const ends = { answered: 0, failed: 0 };
  const shared = new AbortController();
  const one = (nth: number): Promise<void> => {
    const own = nth % perUser ? policy : policy.with({ accounts: [userOf(nth)] });
    const signal = nth % 3 ? shared.signal : AbortSignal.any([]);
    const options = {
      model: nth % 50 === 0 ? `model-${nth}` : nth % 7 === 0 ? "narrow" : `model-${nth % 30}`,
      affinity: `chat-${nth % 4 ? nth : nth % 100}`,
      tokens: 1_000,
      signal,
    };
    return own.execute(callOf(nth, clock, random), options).then(
      () => void (ends.answered += 1),
      () => void (ends.failed += 1),
    );
  };
  for (let done = 0; done < calls;) {
    const batch = Array.from({ length: together }, (_, place) => one(done + place));
    await clock.run(Promise.all(batch));
    done += together;
    await clock.advance(done % 50_000 ? 5_000 : 3_600_000);
    if (done % every) continue;
    looks.push(lookAt(policy, { calls: done, ...ends, hours: clock.now() / 3_600_000 }));
    onLook?.(looks.at(-1) as SoakLook);
  }
  return looks;
}

function lookAt(
  policy: Policy,
  counted: Pick<SoakLook, "calls" | "answered" | "failed" | "hours">,
): SoakLook {
  const { closed, domains, waiting } = policy.status();
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed;
  return { ...counted, heap, closed: closed.length, domains: domains.length, waiting };
}
