import { type Policy, createPolicy, GaveUpError, type PolicyOptions } from "@holdfast/core";
import {
  type BatchReference,
  type BatchStart,
  type BatchWork,
  type GeminiAnswer,
  geminiBatch,
  type GeminiRequest,
} from "@holdfast/core/batch";
import {
  createGemini,
  createVirtualClock,
  type Gemini,
  type RuleInput,
  type ScenarioInput,
  simulatorFetch,
  startSimulator,
  type VirtualClock,
} from "@holdfast/gemini-simulator";
import { describe, expect, onTestFinished, test } from "vitest";

import { endpointForms } from "../../support/endpoint-forms.ts";

const keys = {
  main: "AIzaMainMainMainMainMainMainMainMainMain",
  spare: "AIzaSpareSpareSpareSpareSpareSpareSpare",
};
const hour = 3_600_000;
const flash = "gemini-3.8-flash";
const reply = "It holds.";
const text = (said: string): object => ({ contents: [{ role: "user", parts: [{ text: said }] }] });
const requests: GeminiRequest[] = ["a", "b", "c"].map((id) => ({
  id,
  model: flash,
  body: text(`Say ${id}`),
}));

interface Place {
  clock: VirtualClock;
  gemini: Gemini;
  /** What another process would make: nothing is shared but Gemini. */
  work: (options?: PolicyOptions) => Work;
  made: () => number;
}

interface Work {
  policy: Policy;
  start(options: BatchStart<GeminiRequest, GeminiAnswer>): Promise<BatchReference<GeminiAnswer>>;
  results: BatchWork<GeminiRequest, GeminiAnswer>["results"];
}

const both: PolicyOptions["accounts"] = [
  { name: "main", apiKey: keys.main },
  { name: "spare", apiKey: keys.spare },
];

/** A Gemini in virtual time, where a batch takes two hours. */
function makePlace(rules: RuleInput[] = [], scenario: ScenarioInput = {}): Place {
  const clock = createVirtualClock();
  const gemini = createGemini({
    accounts: [
      { name: "main", key: keys.main },
      { name: "spare", key: keys.spare },
    ],
    reply,
    batches: { pending: hour, running: hour },
    ...scenario,
    rules,
  });
  const fetch = simulatorFetch(gemini, clock);
  return {
    clock,
    gemini,
    work(options = {}) {
      const accounts = [{ name: "main", apiKey: keys.main }];
      const policy = createPolicy({ accounts, ...options }, { clock });
      const batches = geminiBatch(policy, { fetch });
      return {
        policy,
        start: (begin) => clock.run(batches.start(begin)),
        results: (reference, wait) => clock.run(batches.results(reference, wait)),
      };
    },
    made: () => gemini.log.count({ operation: "batchGenerateContent" }),
  };
}

const textsOf = (answers: readonly { id: string; text?: string }[]): unknown[] =>
  answers.map(({ text: one }) => one);

/** Two calls are answered, the day's quota refuses the third; the process dies when it tells of its progress for the nth time. */
const dying = (
  nth: number,
): { place: Place; start: () => Promise<unknown>; stored: () => string } => {
  const place = makePlace([
    { fault: "day-quota", operation: "generateContent", nth: { first: 3 } },
  ]);
  let stored = "";
  let told = 0;
  const onProgress = (reference: BatchReference<GeminiAnswer>): void => {
    told += 1;
    if (told > nth) throw new Error("died");
    stored = JSON.stringify(reference);
  };
  const start = (): Promise<unknown> =>
    place.work().start({ id: "w", requests, parallel: 1, onProgress });
  return { place, start, stored: () => stored };
};

describe("work that can wait, with nothing but a key", () => {
  test("is done by calls while the quotas allow", async () => {
    const { work, made } = makePlace();
    const { answers, batch } = await work().start({ id: "w", requests });
    expect(batch).toBeUndefined();
    expect(answers.map(({ id }) => id).toSorted()).toEqual(["a", "b", "c"]);
    expect(textsOf(answers)).toEqual([reply, reply, reply]);
    expect(made()).toBe(0);
  });

  test("goes to a batch when the day's quota is used up, and comes back after a restart", async () => {
    const { work, clock } = makePlace([{ fault: "day-quota", operation: "generateContent" }]);
    const stored = JSON.stringify(await work().start({ id: "w", requests }));
    expect(stored).not.toContain(keys.main);
    const reference = JSON.parse(stored) as BatchReference<GeminiAnswer>;
    expect(reference.batch).toMatchObject({ account: "main", model: flash });
    const answers = await work().results(reference);
    expect(clock.now()).toBeGreaterThanOrEqual(2 * hour);
    expect(answers.map(({ id, status }) => [id, status])).toEqual(
      reference.batch?.requests.map((id) => [id, "succeeded"]),
    );
    expect(textsOf(answers)).toEqual([reply, reply, reply]);
  });

  test.each(endpointForms)(
    "is asked for as it was meant at an endpoint that ends in %j",
    async (form, prefix, version) => {
      const { work, gemini } = makePlace([{ fault: "day-quota", operation: "generateContent" }], {
        endpoints: [{ name: "relay", path: "/gemini" }],
      });
      const baseURL = `https://relay.example${form}`;
      const worker = work({
        accounts: [{ name: "main", apiKey: keys.main, baseURL }],
      });
      const answers = await worker.results(await worker.start({ id: "w", requests }));
      expect(textsOf(answers)).toEqual([reply, reply, reply]);
      const asked = `${prefix}/${version}`;
      const paths = gemini.log.all().map(({ path }) => path.replace(/batches\/.+/, "batches/…"));
      expect(new Set(paths)).toEqual(
        new Set([
          `${asked}/models/${flash}:generateContent`,
          `${asked}/models/${flash}:batchGenerateContent`,
          // Whether there is one already, before it is made.
          `${asked}/batches`,
          `${asked}/batches/…`,
        ]),
      );
    },
  );

  test("is all handed to a batch, or all called, where that is asked for", async () => {
    const { work, gemini, made } = makePlace();
    const all = await work().start({ id: "w1", requests, mode: "batch" });
    expect(all.batch?.requests).toEqual(["a", "b", "c"]);
    expect(gemini.log.count({ operation: "generateContent" })).toBe(0);
    const called = makePlace([{ fault: "day-quota", operation: "generateContent" }]);
    const { answers } = await called
      .work({ deadline: 60_000 })
      .start({ id: "w2", requests, mode: "interactive" });
    expect(answers).toMatchObject(
      answers.map(() => ({ status: "failed", kind: "rate-limit-day" })),
    );
    expect(answers).toHaveLength(3);
    expect(made() + called.made()).toBe(1);
  });

  test.each(["reset-mid-body", "internal-error", "reset"] as const)(
    "is made into one batch although its making was answered with %s",
    async (fault) => {
      const { work, gemini } = makePlace([{ fault, operation: "batchGenerateContent", nth: 1 }]);
      const one = work({ accounts: both });
      const reference = await one.start({ id: "w", requests, mode: "batch" });
      const list = gemini.log.all().filter(({ operation }) => operation === "listBatches");
      // Each account before it is made, and the doubtful one before it would be made again.
      expect(list.length).toBeGreaterThanOrEqual(3);
      expect(await one.results(reference)).toHaveLength(3);
      const again = await work({ accounts: both }).start({ id: "w", requests, mode: "batch" });
      expect(again.batch?.name).toBe(reference.batch?.name);
    },
  );

  test("is found again after a crash, whichever account has it", async () => {
    const { work, made } = makePlace();
    const spare = work({ accounts: both.slice(1) });
    const first = await spare.start({ id: "w", requests, mode: "batch" });
    const second = await work({ accounts: both }).start({ id: "w", requests, mode: "batch" });
    expect(second.batch).toEqual(first.batch);
    expect(second.batch?.account).toBe("spare");
    expect(made()).toBe(1);
  });

  test("is made at the next account where the first one's key is dead", async () => {
    const { work } = makePlace([{ fault: "invalid-key", account: "main" }]);
    const { batch } = await work({ accounts: both }).start({ id: "w", requests, mode: "batch" });
    expect(batch?.account).toBe("spare");
  });

  test("is not made anywhere while nobody knows whether it is made", async () => {
    const { work, made } = makePlace([
      { fault: "reset-mid-body", operation: "batchGenerateContent", nth: 1 },
      // Both accounts are asked before; what fails is the look after the doubtful making.
      { fault: "internal-error", operation: "listBatches", nth: { first: 3 } },
    ]);
    const call = work({ accounts: both, attempts: 6 }).start({ id: "w", requests, mode: "batch" });
    await expect(call).rejects.toThrow(GaveUpError);
    expect(made()).toBe(1);
  });

  test("keeps what calls had answered when no batch can be made of the rest", async () => {
    const { work } = makePlace([
      { fault: "day-quota", operation: "generateContent", nth: { first: 3 } },
      { fault: "internal-error", operation: "batchGenerateContent" },
    ]);
    const call = work({ attempts: 3 }).start({ id: "w", requests, parallel: 1 });
    const error = (await call.catch((thrown: unknown) => thrown)) as {
      reference: BatchReference<GeminiAnswer>;
    };
    expect(GaveUpError.isInstance(error)).toBe(true);
    expect(error.reference.answers.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(JSON.stringify([error, error.reference])).not.toContain(keys.main);
  });

  test.each([
    ["one call is answered", 1],
    ["both calls are answered", 2],
    ["the batch is to be made", 3],
  ])("loses nothing of what was stored in a crash after %s", async (_, nth) => {
    const { place, start, stored } = dying(nth);
    await expect(start()).rejects.toThrow("died");
    const reference = JSON.parse(stored()) as BatchReference<GeminiAnswer>;
    const again = place.work();
    const next = await again.start({ id: "w", requests, parallel: 1, reference });
    const answers = await again.results(next);
    expect(answers.map(({ id, status }) => `${id} ${status}`).toSorted()).toEqual([
      "a succeeded",
      "b succeeded",
      "c succeeded",
    ]);
    // What was answered and stored is not asked again.
    const served = place.gemini.log
      .all()
      .filter(({ operation, status }) => operation === "generateContent" && status === 200);
    expect(served).toHaveLength(2);
    expect(place.made()).toBe(1);
    expect(next).not.toHaveProperty("later");
  });

  test("makes no second call for what a batch already has, when it died before it knew the batch", async () => {
    const { place, start, stored } = dying(3);
    await expect(start()).rejects.toThrow("died");
    expect(place.made()).toBe(1);
    const calls = place.gemini.log.count({ operation: "generateContent" });
    const reference = JSON.parse(stored()) as BatchReference<GeminiAnswer>;
    expect(reference).toMatchObject({ later: ["c"], answers: [{ id: "a" }, { id: "b" }] });
    const { batch } = await place.work().start({ id: "w", requests, reference });
    expect(batch?.requests).toEqual(["c"]);
    expect(place.gemini.log.count({ operation: "generateContent" })).toBe(calls);
    expect(place.made()).toBe(1);
    expect(
      await place.work().start({ id: "w", requests, reference: { ...reference, batch: batch! } }),
    ).toMatchObject({ batch });
  });

  test("refuses the reference of another work, and an option that there is not", async () => {
    const { work, gemini } = makePlace();
    const reference = { version: 1 as const, id: "other", answers: [] };
    await expect(work().start({ id: "w", requests, reference })).rejects.toThrow(
      /the reference is of the work "other", and this one is "w"/,
    );
    const wrong = { id: "w", requests, paralel: 2 };
    await expect(work().start(wrong)).rejects.toThrow(/paralel: .*did you mean "parallel"\?/);
    expect(gemini.log.count()).toBe(0);
  });

  test("says what is wrong with a single request, by call and by batch", async () => {
    const { work } = makePlace();
    const some = [...requests.slice(0, 1), { id: "none", model: flash, body: { contents: [] } }];
    const { answers } = await work().start({ id: "w1", requests: some, parallel: 1 });
    expect(answers).toMatchObject([
      { id: "a", status: "succeeded" },
      { id: "none", status: "failed", kind: "invalid-request" },
    ]);
    const reference = await work().start({ id: "w2", requests: some, mode: "batch" });
    expect(await work().results(reference)).toMatchObject([
      { id: "a", status: "succeeded" },
      { id: "none", status: "failed" },
    ]);
  });

  test("that was cancelled elsewhere says so for every request", async () => {
    const { work, gemini, clock } = makePlace();
    const reference = await work().start({ id: "w", requests, mode: "batch" });
    gemini.handle(
      {
        method: "POST",
        url: `/v1beta/${reference.batch?.name}:cancel`,
        headers: { "x-goog-api-key": keys.main },
        body: "{}",
      },
      clock.wall(),
    );
    const answers = await work().results(reference);
    expect(answers).toMatchObject(
      requests.map(({ id }) => ({ id, status: "failed", error: "The batch was cancelled." })),
    );
  });

  test("ends with the caller's reason, while it is called and while it is waited for", async () => {
    const { work } = makePlace([{ fault: "overload", operation: "generateContent" }]);
    const reason = new Error("enough");
    const one = work();
    const starting = new AbortController();
    one.policy.on(({ type }) => {
      if (type === "wait-start") starting.abort(reason);
    });
    const start = one.start({ id: "w1", requests, abortSignal: starting.signal });
    await expect(start).rejects.toBe(reason);
    const reference = await one.start({ id: "w2", requests, mode: "batch" });
    const waiting = new AbortController();
    const waited = one.results(reference, { abortSignal: waiting.signal });
    waiting.abort(reason);
    await expect(waited).rejects.toBe(reason);
  });

  test("that could come to nothing is refused before anything is sent", async () => {
    const { work, gemini } = makePlace();
    const [first, ...others] = requests as [GeminiRequest, ...GeminiRequest[]];
    const twice = [first, first];
    await expect(work().start({ id: "w", requests: twice })).rejects.toThrow("the same id");
    const two = [first, ...others.map((other) => ({ ...other, model: "gemini-2.5-pro" }))];
    await expect(work().start({ id: "w", requests: two })).rejects.toThrow("one model");
    const keyless = geminiBatch(createPolicy());
    await expect(keyless.start({ id: "w", requests })).rejects.toThrow(/no key/);
    expect(gemini.log.count()).toBe(0);
  });

  test("is found beyond the first page of batches", async () => {
    const { work, made } = makePlace();
    const first = await work().start({ id: "w-0", requests, mode: "batch" });
    for (let nth = 1; nth <= 120; nth += 1)
      await work().start({ id: `w-${nth}`, requests: requests.slice(0, 1), mode: "batch" });
    const again = await work().start({ id: "w-0", requests, mode: "batch" });
    expect(again.batch?.name).toBe(first.batch?.name);
    expect(made()).toBe(121);
  });
});

test("keys go in a header, to their account's endpoint alone", async () => {
  const server = await startSimulator({
    scenario: { accounts: [{ name: "main", key: keys.main }] },
  });
  onTestFinished(() => server.close());
  const seen: Request[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    seen.push(request);
    return globalThis.fetch(request);
  };
  const accounts = [{ name: "main", apiKey: keys.main, baseURL: server.url }];
  const { batch } = await geminiBatch(createPolicy({ accounts }), { fetch }).start({
    id: "w",
    requests,
    mode: "batch",
  });
  expect(batch?.name).toMatch(/^batches\//);
  expect(seen.length).toBeGreaterThan(1);
  for (const { url, headers } of seen) {
    expect(url.startsWith(`${server.url}/v1beta/`)).toBe(true);
    expect(url).not.toContain(keys.main);
    expect(headers.get("x-goog-api-key")).toBe(keys.main);
  }
});
