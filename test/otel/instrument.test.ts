import {
  attempted,
  createPolicy,
  GaveUpError,
  type Policy,
  type PolicyOptions,
  type Settlement,
  type Target,
} from "@holdfast/core";
import { createVirtualClock, type VirtualClock } from "@holdfast/gemini-simulator";
import { instrument, otelListener } from "@holdfast/otel";
import { SpanKind, trace } from "@opentelemetry/api";
import { beforeEach, describe, expect, test } from "vitest";

import { badKey, badRequest, overloaded, quotaError } from "../support/failures.ts";
import { activeSpan, createTelemetry, inSpan, type SpanSeen, type Telemetry } from "./telemetry.ts";

let telemetry: Telemetry;
let clock: VirtualClock;

beforeEach(() => {
  telemetry = createTelemetry();
  clock = createVirtualClock();
});

function watched(options: PolicyOptions = {}) {
  return instrument(createPolicy(options, { clock }), telemetry);
}

const spanNamed = (name: string): SpanSeen | undefined =>
  telemetry.spans().find((span) => span.name === name);

/** A call that answers after a second. */
const slowly =
  <T>(value: T) =>
  async (): Promise<T> => {
    await clock.sleep(1_000);
    return value;
  };

/** A call that fails so often, then answers. */
function failing(times: number, error: () => Error) {
  let left = times;
  return (): string => {
    left -= 1;
    if (left >= 0) throw error();
    return "ok";
  };
}

/** A stream that begins after a second and ends, or breaks, after another two. */
const stream = (error?: Error) => async () => {
  await clock.sleep(1_000);
  const read = async (): Promise<Settlement> => {
    await clock.sleep(2_000);
    if (error) throw error;
    return { usage: { inputTokens: 5, outputTokens: 7 }, modelVersion: "m-001" };
  };
  return attempted("stream", { settled: read() });
};

/** A call that makes a request of its own, and answers below which span it stood. */
async function tell(target: Target): Promise<string | undefined> {
  await clock.sleep(target.model === "slow" ? 2_000 : 1_000);
  telemetry.tracer.startSpan(`POST ${target.model}`).end();
  return activeSpan();
}

/** A call that only one account can make. */
function onlyTeam({ account }: Target): string {
  if (account === "main") throw badKey();
  return "ok";
}

describe("the span of a call", () => {
  test("stands below the caller's, with the attempt's below it", async () => {
    const policy = watched();
    await clock.run(
      inSpan(telemetry.tracer, () => policy.execute(slowly("ok"), { model: "gemini-3.8-flash" })),
    );
    expect(telemetry.spans()).toStrictEqual([
      {
        name: "attempt gemini-3.8-flash",
        parent: "generate_content gemini-3.8-flash",
        duration: 1_000,
        failed: false,
        events: [],
        attributes: {
          "gen_ai.provider.name": "gcp.gemini",
          "gen_ai.request.model": "gemini-3.8-flash",
          "holdfast.account": "default",
          "holdfast.target": "default/gemini-3.8-flash",
          "holdfast.attempt": 1,
          "holdfast.attempt_at_target": 1,
        },
      },
      {
        name: "generate_content gemini-3.8-flash",
        parent: "request",
        duration: 1_000,
        failed: false,
        events: [],
        attributes: {
          "gen_ai.operation.name": "generate_content",
          "gen_ai.provider.name": "gcp.gemini",
          "gen_ai.request.model": "gemini-3.8-flash",
          "gen_ai.response.model": "gemini-3.8-flash",
          "holdfast.targets": ["default/gemini-3.8-flash"],
          "holdfast.target": "default/gemini-3.8-flash",
          "holdfast.outcome": "answered",
          "holdfast.attempts": 1,
        },
      },
      expect.objectContaining({ name: "request" }),
    ]);
  });

  test("carries tokens and the model that really served", async () => {
    const policy = watched();
    const about = {
      usage: { inputTokens: 12, outputTokens: 34 },
      modelVersion: "gemini-3.8-flash-001",
    };
    await clock.run(policy.execute(() => attempted("ok", about), { model: "gemini-3.8-flash" }));
    expect(spanNamed("generate_content gemini-3.8-flash")?.attributes).toMatchObject({
      "gen_ai.usage.input_tokens": 12,
      "gen_ai.usage.output_tokens": 34,
      "gen_ai.response.model": "gemini-3.8-flash-001",
    });
  });

  test("says embeddings for calls bound to their model, and what the options say", async () => {
    await watched().execute(() => "ok", { model: "embed", sameModel: true });
    const named = instrument(createPolicy(), { ...telemetry, operation: "chat" });
    await named.execute(() => "ok", { model: "m" });
    expect(telemetry.spans().map(({ name }) => name)).toStrictEqual([
      "attempt embed",
      "embeddings embed",
      "attempt m",
      "chat m",
    ]);
  });

  test("names the provider that serves as the conventions do", async () => {
    const policy = watched();
    for (const provider of ["openai", "google.vertex.chat", "xai", "somebody"])
      await policy.execute(() => "ok", {
        candidates: [{ model: "m", provider, account: provider }],
      });
    const names = telemetry
      .spans()
      .filter(({ name }) => name === "attempt m")
      .map(({ attributes }) => attributes["gen_ai.provider.name"]);
    expect(names).toStrictEqual(["openai", "gcp.vertex_ai", "x_ai", "somebody"]);
  });

  test("tells of failed attempts, waits and decisions, and is no error when answered", async () => {
    const policy = watched();
    await clock.run(policy.execute(failing(1, overloaded), { model: "m" }));
    const [first, second, call] = telemetry.spans();
    expect(first).toMatchObject({
      name: "attempt m",
      failed: true,
      attributes: { "error.type": "capacity-exhausted", "http.response.status_code": 503 },
    });
    expect(second).toMatchObject({ failed: false, attributes: { "holdfast.attempt": 2 } });
    expect(call).toMatchObject({
      failed: false,
      attributes: { "holdfast.attempts": 2, "holdfast.outcome": "answered" },
    });
    expect(call?.attributes).not.toHaveProperty("error.type");
    expect(call?.events.map(({ name }) => name)).toStrictEqual([
      "holdfast.decision",
      "holdfast.wait",
      "holdfast.wait.end",
    ]);
    expect(call?.events[0]?.attributes).toMatchObject({
      "holdfast.action": "repeat",
      "holdfast.target": "default/m",
      "holdfast.reason": expect.any(String),
    });
  });

  test("names the failure when the call gives up", async () => {
    const policy = watched();
    const result = policy.execute(failing(9, badRequest), { model: "m" });
    await expect(clock.run(result)).rejects.toBeInstanceOf(GaveUpError);
    expect(spanNamed("generate_content m")).toMatchObject({
      failed: true,
      attributes: {
        "error.type": "invalid-request",
        "holdfast.outcome": "gave-up",
        "holdfast.reason": "not-retryable",
      },
    });
  });

  test("is marked when the last resort answered", async () => {
    const policy = watched({ degrade: () => "sorry" });
    await clock.run(policy.execute(failing(9, badRequest), { model: "m" }));
    expect(spanNamed("generate_content m")).toMatchObject({
      failed: true,
      attributes: { "error.type": "invalid-request", "holdfast.outcome": "degraded" },
    });
  });

  test("ends without being an error when the caller leaves, and so do its attempts", async () => {
    const policy = watched();
    const controller = new AbortController();
    const { signal } = controller;
    const result = policy.execute(slowly("late"), { model: "m", signal });
    controller.abort(new Error("gone"));
    await expect(clock.run(result)).rejects.toThrow("gone");
    expect(telemetry.spans()).toMatchObject([
      { name: "attempt m", failed: false, attributes: { "holdfast.outcome": "superseded" } },
      {
        name: "generate_content m",
        failed: false,
        attributes: { "error.type": "cancelled", "holdfast.outcome": "cancelled" },
      },
    ]);
  });

  test("shows what the board learned on the attempt that taught it", async () => {
    const policy = watched({
      accounts: [
        { name: "main", apiKey: "key-of-main" },
        { name: "team", apiKey: "key-of-team" },
      ],
    });
    await clock.run(policy.execute(onlyTeam, { model: "m" }));
    const [first, second] = telemetry.spans();
    expect(first?.events).toMatchObject([
      {
        name: "holdfast.scope.close",
        attributes: { "holdfast.scope": "account:main", "holdfast.opens_in": 3_600 },
      },
    ]);
    expect(second?.events).toStrictEqual([]);
  });

  test("marks a hedge, and the attempt that lost to it", async () => {
    const accounts = ["main", "team"].map((name) => ({ name, apiKey: `key-of-${name}` }));
    const policy = watched({ accounts, hedge: { delay: 500, share: 1 } });
    const call = async ({ account }: Target): Promise<string> => {
      await clock.sleep(account === "main" ? 10_000 : 100);
      return account;
    };
    const { value } = await clock.run(policy.execute(call, { model: "m" }));
    expect(value).toBe("team");
    expect(telemetry.spans()).toMatchObject([
      { name: "attempt m", attributes: { "holdfast.hedge": true, "holdfast.account": "team" } },
      {
        name: "attempt m",
        failed: false,
        attributes: { "holdfast.outcome": "superseded", "holdfast.account": "main" },
      },
      { name: "generate_content m", duration: 600, failed: false },
    ]);
  });
});

describe("the span of a stream", () => {
  test("lasts until the stream has been read", async () => {
    const policy = watched();
    await clock.run(policy.execute(stream(), { model: "m", streaming: true }));
    expect(telemetry.spans()).toStrictEqual([]);
    await clock.advance(2_000);
    expect(telemetry.spans()).toMatchObject([
      { name: "attempt m", duration: 3_000, events: [{ name: "holdfast.first_content" }] },
      {
        name: "generate_content m",
        duration: 3_000,
        attributes: {
          "gen_ai.request.stream": true,
          "gen_ai.response.time_to_first_chunk": 1,
          "gen_ai.response.model": "m-001",
          "gen_ai.usage.input_tokens": 5,
          "gen_ai.usage.output_tokens": 7,
        },
      },
    ]);
  });

  test("is an error when the stream breaks", async () => {
    const policy = watched();
    await clock.run(policy.execute(stream(overloaded()), { model: "m", streaming: true }));
    await clock.advance(2_000);
    expect(telemetry.spans()).toMatchObject([
      { name: "attempt m", failed: true },
      {
        name: "generate_content m",
        failed: true,
        attributes: { "error.type": "capacity-exhausted", "holdfast.outcome": "answered" },
      },
    ]);
  });

  test("goes on while a broken stream is carried on elsewhere", async () => {
    const policy = watched({ chain: ["m", "n"] });
    const broken = overloaded();
    const executed = await clock.run(
      policy.execute(stream(broken), { model: "m", streaming: true }),
    );
    const resumed = await clock.run(executed.resume(slowly("rest"), broken));
    expect(resumed.value).toBe("rest");
    await clock.advance(2_000);
    const calls = telemetry.spans().filter(({ name }) => name === "generate_content m");
    expect(calls).toMatchObject([{ failed: false, attributes: { "holdfast.attempts": 2 } }]);
    expect(telemetry.spans().filter(({ name }) => name.startsWith("attempt"))).toHaveLength(2);
  });

  test("goes on while the call waits before it carries the stream on", async () => {
    const policy = watched();
    const broken = overloaded();
    const reading = Promise.withResolvers<void>();
    const { promise: settled } = reading;
    const executed = await clock.run(
      policy.execute(() => attempted("stream", { settled }), { model: "m", streaming: true }),
    );
    const resumed = executed.resume(() => "rest", broken);
    await clock.advance(1);
    expect(spanNamed("attempt m")).toBeUndefined();
    reading.reject(broken);
    await clock.run(resumed);
    expect(telemetry.spans().filter(({ name }) => name === "generate_content m")).toMatchObject([
      { failed: false, attributes: { "holdfast.attempts": 2 } },
    ]);
  });

  test("gets a second one when the call goes on after its end", async () => {
    const policy = watched({ chain: ["m", "n"] });
    const broken = overloaded();
    const executed = await clock.run(
      policy.execute(stream(broken), { model: "m", streaming: true }),
    );
    await clock.advance(2_000);
    await clock.run(executed.resume(slowly("rest"), broken));
    const calls = telemetry.spans().filter(({ name }) => name.startsWith("generate_content"));
    expect(calls).toMatchObject([
      { failed: true },
      { failed: false, attributes: { "holdfast.resumed": true, "holdfast.attempts": 2 } },
    ]);
  });
});

describe("what an attempt does", () => {
  test("stands below the span of its own attempt, whatever else is under way", async () => {
    const policy = watched();
    await clock.run(
      Promise.all([
        policy.execute(tell, { model: "slow" }),
        policy.execute(tell, { model: "fast" }),
      ]),
    );
    expect(spanNamed("POST slow")?.parent).toBe("attempt slow");
    expect(spanNamed("POST fast")?.parent).toBe("attempt fast");
  });

  test("does so under derived policies too, and each call has one span", async () => {
    const policy = watched();
    const { value } = await clock.run(
      policy.with({ patience: 1 }).execute(tell, { model: "fast" }),
    );
    expect(value).toBe("attempt fast");
    expect(telemetry.spans().filter(({ name }) => name === "generate_content fast")).toHaveLength(
      1,
    );
  });

  test("stands where it stood when only a listener is used", async () => {
    const policy = createPolicy({ onEvent: otelListener(telemetry) }, { clock });
    const { value } = await clock.run(
      inSpan(telemetry.tracer, () => policy.execute(tell, { model: "fast" })),
    );
    expect(value).toBe("request");
    expect(spanNamed("generate_content fast")?.parent).toBe("request");
    expect(spanNamed("attempt fast")?.parent).toBe("generate_content fast");
  });
});

describe("metrics", () => {
  const call = {
    "gen_ai.operation.name": "generate_content",
    "gen_ai.provider.name": "gcp.gemini",
  };

  test("measure calls, attempts and waits in seconds", async () => {
    const policy = watched();
    await clock.run(policy.execute(failing(1, overloaded), { model: "m" }));
    const rejected = policy.execute(failing(9, badRequest), { model: "m" });
    await expect(clock.run(rejected)).rejects.toThrow(GaveUpError);
    const waited = spanNamed("generate_content m")!.duration / 1_000;
    expect(waited).toBeGreaterThan(0);
    expect(await telemetry.metric("gen_ai.client.operation.duration")).toMatchObject([
      {
        attributes: { ...call, "gen_ai.request.model": "m", "gen_ai.response.model": "m" },
        value: {
          count: 1,
          sum: expect.closeTo(waited, 2),
          buckets: { boundaries: expect.arrayContaining([0.01, 81.92]) },
        },
      },
      { attributes: { ...call, "error.type": "invalid-request" }, value: { count: 1, sum: 0 } },
    ]);
    expect(await telemetry.metric("holdfast.attempt.duration")).toMatchObject([
      { attributes: { "holdfast.account": "default", "error.type": "capacity-exhausted" } },
      { attributes: { "holdfast.account": "default" }, value: { count: 1 } },
      { attributes: { "error.type": "invalid-request" } },
    ]);
    expect(await telemetry.metric("holdfast.wait.duration")).toMatchObject([
      { attributes: call, value: { count: 1, sum: expect.closeTo(waited, 2) } },
    ]);
  });

  test("count tokens in and out, and the time to the first chunk of a stream", async () => {
    const policy = watched();
    const settled = Promise.resolve({ usage: { inputTokens: 5, outputTokens: 700 } });
    const streamed = async () => {
      await clock.sleep(300);
      return attempted("stream", { settled });
    };
    await clock.run(policy.execute(streamed, { model: "m", streaming: true }));
    expect(await telemetry.metric("gen_ai.client.token.usage")).toMatchObject([
      { attributes: { ...call, "gen_ai.token.type": "input" }, value: { count: 1, sum: 5 } },
      {
        attributes: { ...call, "gen_ai.token.type": "output" },
        value: { sum: 700, buckets: { boundaries: expect.arrayContaining([1, 67_108_864]) } },
      },
    ]);
    expect(await telemetry.metric("gen_ai.client.operation.time_to_first_chunk")).toMatchObject([
      { attributes: call, value: { count: 1, sum: 0.3 } },
    ]);
  });

  test("tell what calls cost where prices are known, failed attempts included", async () => {
    const policy = watched({ prices: { m: { input: 2, output: 10 } }, attempts: 3 });
    const usage = { inputTokens: 1_000, outputTokens: 100 };
    const answers = [attempted("", { usage, answer: { finishReason: "STOP" } })];
    const next = () => answers.shift() ?? attempted("ok", { usage });
    await clock.run(policy.execute(next, { model: "m" }));
    expect(await telemetry.metric("holdfast.cost")).toMatchObject([{ value: 0.006 }]);
    expect(spanNamed("generate_content m")?.attributes["holdfast.cost"]).toBe(0.006);
  });

  test("show what is closed and who waits, at the moment they are read", async () => {
    const policy = watched({ fallbacks: {} });
    const refused = failing(1, () => quotaError({ limit: 10, retryDelay: "20s" }));
    const first = policy.execute(refused, { model: "m" });
    await clock.advance(1_000);
    expect(await telemetry.metric("holdfast.scopes.closed")).toStrictEqual([
      {
        attributes: { "holdfast.scope.type": "quota", "error.type": "rate-limit-minute" },
        value: 1,
      },
    ]);
    expect(await telemetry.metric("holdfast.calls.waiting")).toMatchObject([{ value: 1 }]);
    await clock.run(first);
    expect(await telemetry.metric("holdfast.scopes.closed")).toMatchObject([{ value: 0 }]);
    expect(await telemetry.metric("holdfast.calls.waiting")).toMatchObject([{ value: 0 }]);
    expect(await telemetry.metric("holdfast.scope.closures")).toMatchObject([
      { attributes: { "error.type": "rate-limit-minute" }, value: 1 },
    ]);
  });
});

describe("telemetry", () => {
  test("carries no key, even where the provider repeats it", async () => {
    const apiKey = "relay4f9Kx27LmQ81zT0pVb3";
    const policy = watched({ accounts: [{ name: "main", apiKey }] });
    const indiscreet = failing(9, () =>
      Object.assign(new Error(`API key not valid: ${apiKey}`), { status: 400 }),
    );
    await expect(clock.run(policy.execute(indiscreet, { model: "m" }))).rejects.toThrow(
      GaveUpError,
    );
    expect(telemetry.spans()).not.toHaveLength(0);
    expect(await telemetry.everything()).not.toContain(apiKey);
  });

  test("ends when it is told to, and the policy goes on", async () => {
    const policy = watched();
    policy.uninstrument();
    const { value } = await policy.execute(() => "ok", { model: "m" });
    expect(value).toBe("ok");
    expect(telemetry.spans()).toStrictEqual([]);
    expect(await telemetry.metric("holdfast.calls.waiting")).toStrictEqual([]);
  });

  test("leaves the rest of a policy as it was, also where it changes over time", () => {
    let patience = 1;
    const changing: Policy & { own: string } = {
      ...createPolicy({}, { clock }),
      own: "kept",
      get settings() {
        return createPolicy({ patience }).settings;
      },
    };
    const policy = instrument(changing, telemetry);
    patience = 2;
    expect(policy.settings.patience).toBe(2);
    expect(policy.own).toBe("kept");
    expect(policy.clock).toBe(clock);
  });

  test("works without an SDK", async () => {
    const policy = instrument(createPolicy());
    const { value } = await policy.execute(() => "ok", { model: "m" });
    expect(value).toBe("ok");
    policy.uninstrument();
  });

  test("gives spans the kind of a client", async () => {
    const kinds: unknown[] = [];
    const { tracer } = telemetry;
    const spying = new Proxy(tracer, {
      get: (one, name) =>
        name === "startSpan"
          ? (...args: Parameters<typeof tracer.startSpan>) => {
              kinds.push(args[1]?.kind);
              return one.startSpan(...args);
            }
          : Reflect.get(one, name),
    });
    const policy = instrument(createPolicy(), { tracer: spying });
    await policy.execute(() => "ok", { model: "m" });
    expect(kinds).toStrictEqual([SpanKind.CLIENT, SpanKind.CLIENT]);
  });

  test("forgets the oldest streams that nobody reads, so that memory stays bounded", () => {
    const listener = otelListener(telemetry);
    for (let call = 1; call <= 10_001; call += 1)
      listener({ type: "call-start", at: call, call, model: "m", targets: [] });
    expect(telemetry.spans()).toMatchObject([{ attributes: { "holdfast.abandoned": true } }]);
  });

  test("takes the global providers when it is given none", () => {
    const asked: string[] = [];
    trace.setGlobalTracerProvider({
      getTracer: (name) => {
        asked.push(name);
        return telemetry.tracer;
      },
    });
    const listener = otelListener();
    listener({ type: "call-start", at: 1, call: 1, model: "m", targets: [] });
    expect(asked).toStrictEqual(["@holdfast/otel"]);
    trace.disable();
  });
});
