import {
  createGemini,
  createVirtualClock,
  type ScenarioInput,
  simulatorFetch,
  type VirtualClock,
} from "@holdfast/gemini-simulator";
import { expect, test } from "vitest";

const base = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash";
const body = '{"contents":[{"parts":[{"text":"hi"}]}]}';

function open(scenario: ScenarioInput): { fetch: typeof globalThis.fetch; clock: VirtualClock } {
  const clock = createVirtualClock();
  return { clock, fetch: simulatorFetch(createGemini(scenario), clock) };
}

function ask(
  fetch: typeof globalThis.fetch,
  { stream = false, signal }: { stream?: boolean; signal?: AbortSignal } = {},
): Promise<Response> {
  const verb = stream ? "streamGenerateContent?alt=sse" : "generateContent";
  return fetch(`${base}:${verb}`, {
    method: "POST",
    headers: { "X-Goog-Api-Key": "K1" },
    body,
    ...(signal && { signal }),
  });
}

test("tokens take their time, which passes at once", async () => {
  const { fetch, clock } = open({
    speed: { firstToken: 2000, tokensPerSecond: 4, tokensPerChunk: 4 },
  });
  const response = await clock.run(ask(fetch, { stream: true }));
  const times: number[] = [];
  await clock.run(
    (async () => {
      for await (const _ of response.body!) times.push(clock.now());
    })(),
  );
  expect(times).toEqual([2000, 3000, 4000, 5000]);
});

test("a plain answer comes when its last token would", async () => {
  const { fetch, clock } = open({
    reply: "12345678",
    speed: { firstToken: 500, tokensPerSecond: 1 },
  });
  await clock.run(ask(fetch));
  expect(clock.now()).toBe(2500);
});

test("a stream without alt=sse is a JSON array", async () => {
  const { fetch } = open({});
  const response = await fetch(`${base}:streamGenerateContent?key=K1`, { method: "POST", body });
  const messages = (await response.json()) as { candidates: { finishReason?: string }[] }[];
  expect(messages.length).toBeGreaterThan(1);
  expect(messages.at(-1)?.candidates[0]?.finishReason).toBe("STOP");
});

test.each([
  ["reset", "ECONNRESET"],
  ["refused", "ECONNREFUSED"],
] as const)("%s is the error that Node's own fetch gives", async (fault, code) => {
  const { fetch } = open({ rules: [{ fault }] });
  await expect(ask(fetch)).rejects.toMatchObject({
    name: "TypeError",
    message: "fetch failed",
    cause: { code },
  });
});

test("a reset inside a body gives what came before it", async () => {
  const { fetch } = open({ rules: [{ fault: "reset-mid-body" }] });
  const response = await ask(fetch, { stream: true });
  const reader = response.body!.getReader();
  expect((await reader.read()).done).toBe(false);
  await expect(
    (async () => {
      while (!(await reader.read()).done);
    })(),
  ).rejects.toMatchObject({ message: "terminated", cause: { code: "ECONNRESET" } });
});

test.each(["hang", "stall-mid-body"] as const)(
  "%s ends when its signal is aborted, with the signal's reason",
  async (fault) => {
    const { fetch, clock } = open({ rules: [{ fault }] });
    const controller = new AbortController();
    const reading = ask(fetch, { stream: true, signal: controller.signal }).then((response) =>
      response.text(),
    );
    void clock.sleep(60_000).then(() => controller.abort(new Error("enough")));
    await expect(clock.run(reading)).rejects.toThrow("enough");
    expect(clock.now()).toBe(60_000);
  },
);

test("an abort ends the wait for the first token", async () => {
  const { fetch, clock } = open({ speed: { firstToken: 60_000 } });
  const controller = new AbortController();
  const asking = ask(fetch, { signal: controller.signal });
  void clock.sleep(10).then(() => controller.abort(new Error("enough")));
  await expect(clock.run(asking)).rejects.toThrow("enough");
  expect([clock.now(), clock.sleeping]).toEqual([10, 0]);
});

test("requests are taken in every form that fetch knows", async () => {
  const { fetch } = open({});
  const url = new URL(`${base}:generateContent?key=K1`);
  const forms: Promise<Response>[] = [
    fetch(url, { method: "POST", body }),
    fetch(new Request(url, { method: "POST", body })),
    fetch(url, { method: "POST", body: new TextEncoder().encode(body) }),
    fetch(url, {
      method: "POST",
      body,
      headers: new Headers({ "content-type": "application/json" }),
    }),
    fetch(url, { method: "POST", body, headers: [["content-type", "application/json"]] }),
  ];
  expect((await Promise.all(forms)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});
