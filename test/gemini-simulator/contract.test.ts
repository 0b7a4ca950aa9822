import {
  type FaultInput,
  type FaultName,
  type Simulator,
  startSimulator,
} from "@holdfast/gemini-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { clients } from "./clients.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(() => simulator.close());

/** The HTTP status that an error tells, wherever its client put it. */
function statusOf(error: unknown): number | undefined {
  const {
    statusCode,
    status,
    cause,
    message = "",
  } = error as {
    statusCode?: number;
    status?: number;
    cause?: unknown;
    message?: string;
  };
  const inText = /\[(\d{3}) /.exec(message)?.[1];
  return (
    statusCode ??
    status ??
    (inText === undefined ? undefined : Number(inText)) ??
    (cause ? statusOf(cause) : undefined)
  );
}

/** Resolves with the error; a call that succeeds is a failure here. */
async function failureOf(call: Promise<string>): Promise<unknown> {
  const text = await call.catch((error: unknown) => ({ error }));
  if (typeof text === "string")
    throw new Error(`Expected an error, but the client answered ${JSON.stringify(text)}`);
  return text.error;
}

const refusals: [FaultInput, number][] = [
  ["overload", 503],
  [{ type: "no-capacity", status: 429 }, 429],
  ["shared-capacity", 429],
  ["bare-exhaustion", 429],
  ["minute-quota", 429],
  ["minute-token-quota", 429],
  ["day-quota", 429],
  ["zero-quota", 429],
  ["spend-rate", 429],
  ["spend-cap", 429],
  ["internal-error", 500],
  ["deadline-exceeded", 504],
  ["bad-gateway", 502],
  ["invalid-key", 400],
  ["expired-key", 400],
  ["leaked-key", 403],
  ["restricted-key", 403],
  ["unregistered-caller", 403],
  ["unsupported-token", 401],
  ["api-disabled", 403],
  ["billing-required", 403],
  ["project-suspended", 403],
  ["permission-denied", 403],
  ["region-blocked", 400],
  ["model-not-found", 404],
  ["invalid-argument", 400],
  ["context-overflow", 400],
  ["payload-too-large", 400],
  ["cancelled", 499],
  [{ type: "empty-body", status: 503 }, 503],
];

/** Answers that no client may take for the whole good one. */
const useless: FaultName[] = [
  "reset-mid-body",
  "truncated-stream",
  "malformed-stream",
  "stream-error",
  "empty-body",
  "html-page",
  "empty-stop",
  "malformed-function-call",
  "blocked-response",
  "recitation",
  "blocked-prompt",
  "max-tokens",
];

/** A chunk that breaks in the middle is an unhandled rejection inside this client, which no caller can catch. */
const crashing = new Set<string>([
  "reset-mid-body",
  "malformed-stream",
  "html-page",
  "truncated-stream",
]);

describe.each(clients)("$name", (client) => {
  const modes = ["generate", "stream"] as const;

  test.each(modes)("%s: a good answer arrives whole, in one request", async (mode) => {
    simulator.reset("calm");
    expect(await client[mode](simulator.url, "hello")).toBe(
      "gemini-2.5-flash heard: hello. This answer is simulated.",
    );
    expect(simulator.log.all()).toMatchObject([
      { account: "key-1", stream: mode === "stream", status: 200, fault: undefined },
    ]);
  });

  test.each(refusals)("%o is a failure with status %i", async (fault, status) => {
    simulator.reset({ rules: [{ fault }] });
    for (const mode of modes) {
      const error = await failureOf(client[mode](simulator.url, "hello"));
      expect([mode, statusOf(error)]).toEqual([mode, status]);
    }
    expect(simulator.log.all().map((entry) => entry.status)).toEqual([status, status]);
  });

  test.each<FaultName>(["reset", "refused"])("%s is a failure without a status", async (fault) => {
    simulator.reset({ rules: [{ fault }] });
    for (const mode of modes) {
      expect(statusOf(await failureOf(client[mode](simulator.url, "hello")))).toBeUndefined();
    }
    expect(simulator.log.all().map((entry) => entry.fault)).toEqual([fault, fault]);
  });

  test.each(useless)("%s is not the good answer", async (fault) => {
    simulator.reset({ rules: [{ fault }] });
    const text: string[] = [];
    const isCrashing = client.name === "@langchain/google-genai" && crashing.has(fault);
    for (const mode of isCrashing ? (["generate"] as const) : modes) {
      text.push(await client[mode](simulator.url, "hello").catch(() => "an error"));
    }
    // Some clients skip over a broken event and lose nothing but that.
    const judged = fault === "malformed-stream" ? text.slice(0, 1) : text;
    expect(judged.join("\n")).not.toContain("This answer is simulated.");
    expect(simulator.log.last()?.fault).toBe(fault);
  });

  test.each<FaultName>(["hang", "stall-mid-body"])(
    "%s keeps the client waiting until the connection ends",
    async (fault) => {
      const hanging = await startSimulator({ scenario: { rules: [{ fault }] } });
      const call = client.generate(hanging.url, "hello").catch(() => "an error");
      await expect.poll(() => hanging.log.count()).toBe(1);
      await hanging.close();
      expect(await call).toBe("an error");
    },
  );

  test("a slow first token is waited for", async () => {
    simulator.reset({ rules: [{ fault: { type: "slow-first-token", delay: 20 } }] });
    for (const mode of modes)
      expect(await client[mode](simulator.url, "hello")).toContain("heard: hello");
  });
});

test("a redirect takes the key along to another origin, which the log there shows", async () => {
  const other = await startSimulator({ scenario: { accounts: [{ name: "main", key: "K1" }] } });
  simulator.reset({ rules: [{ fault: { type: "redirect", to: other.url } }] });
  const [google] = clients;
  await google?.generate(simulator.url, "hello");
  expect(other.log.all()).toMatchObject([{ account: "main", operation: "generateContent" }]);
  await other.close();
});
