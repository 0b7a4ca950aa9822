import {
  type Call,
  type CallOptions,
  createPolicy,
  type Executed,
  type Policy,
  type PolicyEvent,
  type PolicyOptions,
} from "@holdfast/core";
import {
  createGemini,
  createVirtualClock,
  type LogEntry,
  type RequestLog,
  type ScenarioInput,
  simulatorFetch,
  type VirtualClock,
} from "@holdfast/gemini-simulator";

/** A policy and a Gemini in virtual time, with no socket between them. */
export interface World {
  clock: VirtualClock;
  policy: Policy;
  events: PolicyEvent[];
  /** What arrived. */
  log: RequestLog;
  /** An attempt as plain code makes it: `fetch`, and an error with status and body when the answer is none. */
  ask: Call<string>;
  /** Carries one call to its end. */
  call(options?: CallOptions): Promise<Executed<string>>;
}

interface Body {
  candidates?: { content?: { parts?: { text?: string }[] } }[];
}

/** Makes a world. Accounts of the policy whose base URL is left out ask Gemini itself. */
export function makeWorld(
  scenario: ScenarioInput,
  options: PolicyOptions = {},
  { seed = 1, start = Date.UTC(2026, 10, 23, 20) }: { seed?: number; start?: number } = {},
): World {
  const clock = createVirtualClock({ seed, start });
  const gemini = createGemini({ speed: { firstToken: 1_000 }, ...scenario });
  const fetch = simulatorFetch(gemini, clock);
  const events: PolicyEvent[] = [];
  const policy = createPolicy(
    { onEvent: (event) => void events.push(event), ...options },
    { clock },
  );
  const ask: Call<string> = async (target, { signal, input }) => {
    const base = target.baseURL ?? "https://generativelanguage.googleapis.com";
    // The way there takes its time, so that refusals come late as well.
    await clock.sleep(100, signal);
    const response = await fetch(`${base}/v1beta/models/${target.model}:generateContent`, {
      method: "POST",
      headers: {
        "x-goog-api-key": target.apiKey ?? "some-key",
        "content-type": "application/json",
      },
      body: JSON.stringify({
        contents: [{ role: "user", parts: [{ text: typeof input === "string" ? input : "hi" }] }],
      }),
      signal,
    });
    const text = await response.text();
    if (!response.ok)
      throw Object.assign(new Error(`status ${response.status}`), {
        status: response.status,
        body: text,
      });
    const body = JSON.parse(text) as Body;
    return body.candidates?.[0]?.content?.parts?.[0]?.text ?? "";
  };
  return {
    clock,
    policy,
    events,
    log: gemini.log,
    ask,
    call: (callOptions) => policy.execute(ask, { model: "gemini-3.8-flash", ...callOptions }),
  };
}

/** Makes `count` calls, `gap` ms apart, and waits for all of them. */
export async function traffic(
  world: World,
  { count, gap = 0, ...options }: CallOptions & { count: number; gap?: number },
): Promise<PromiseSettledResult<Executed<string>>[]> {
  const { clock } = world;
  const calls = Array.from({ length: count }, async (_, nth) => {
    if (gap) await clock.sleep(nth * gap);
    return world.call(options);
  });
  return clock.run(Promise.allSettled(calls));
}

/** How many were answered. */
export function answeredOf(results: readonly PromiseSettledResult<unknown>[]): number {
  return results.filter(({ status }) => status === "fulfilled").length;
}

/** The largest number of requests in any window of `length` ms. */
export function busiest(log: readonly LogEntry[], length: number): number {
  const times = log.map(({ elapsed }) => elapsed).toSorted((one, other) => one - other);
  return Math.max(
    0,
    ...times.map((time, nth) => times.slice(nth).filter((at) => at < time + length).length),
  );
}
