// Our spans stand where the SDK's own are: one call of the model, and below it each attempt.
import { OpenTelemetry } from "@ai-sdk/otel";
import { holdfastProvider } from "@holdfast/ai-sdk";
import { type Simulator } from "@holdfast/gemini-simulator";
import { instrument } from "@holdfast/otel";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createTelemetry, inSpan, type SpanSeen, type Telemetry } from "../otel/telemetry.ts";
import { hosts, type Host } from "./hosts.ts";
import { keys, policyAt, reply, simulator, storm } from "./setting.ts";

const pro = "gemini-2.5-pro";

let server: Simulator;
let telemetry: Telemetry;
beforeEach(async () => {
  server = await simulator();
  telemetry = createTelemetry();
});
afterEach(() => server.close());

/** How each major is told to make spans of its own. */
function options({ name }: Host): object {
  const { tracer } = telemetry;
  return name === "ai@7"
    ? { telemetry: { integrations: [new OpenTelemetry({ tracer })] } }
    : { experimental_telemetry: { isEnabled: true, tracer } };
}

function watchedModel(host: Host): unknown {
  const { policy } = policyAt(server);
  return holdfastProvider(instrument(policy, telemetry), host.createGoogle)(pro);
}

/** The names of the spans above one, from the nearest. */
function above(span: SpanSeen | undefined, spans: readonly SpanSeen[]): string[] {
  if (span?.parent === undefined) return [];
  return [
    span.parent,
    ...above(
      spans.find(({ name }) => name === span.parent),
      spans,
    ),
  ];
}

const callName = `generate_content ${pro}`;

/** That our call is below the SDK's spans of this one, and both attempts below our call. */
function checkFamily(): void {
  const spans = telemetry.spans();
  const attempts = spans.filter(({ name }) => name === `attempt ${pro}`);
  expect(attempts.map(({ failed, parent }) => [failed, parent])).toEqual([
    [true, callName],
    [false, callName],
  ]);
  const calls = spans.filter(({ attributes }) => attributes["holdfast.attempts"] !== undefined);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.attributes).toMatchObject({
    "holdfast.attempts": 2,
    "holdfast.target": `main/${pro}`,
  });
  const ancestors = above(calls[0], spans);
  expect(ancestors.length).toBeGreaterThan(1);
  expect(ancestors.at(-1)).toBe("request");
}

describe.each(hosts)("spans of $name", (host) => {
  const { generateText, streamText } = host;

  test("are below the SDK's own when it generates, an attempt each below the call", async () => {
    storm(server, [{ fault: "overload", nth: 1 }]);
    const call = { model: watchedModel(host), prompt: "Hi", ...options(host) };
    const { text } = await inSpan(telemetry.tracer, () => generateText(call));
    expect(text).toBe(reply);
    checkFamily();
    expect(await telemetry.everything()).not.toContain(keys.main);
  });

  test("are below the SDK's own when it streams, and last until the stream is over", async () => {
    storm(server, [{ fault: "overload", nth: 1 }]);
    const call = { model: watchedModel(host), prompt: "Hi", ...options(host) };
    const text = await inSpan(telemetry.tracer, async () => {
      const stream = streamText(call);
      // The SDK ends its own spans with the stream, which is later than the text is there.
      await stream.consumeStream();
      return await stream.text;
    });
    expect(text).toBe(reply);
    checkFamily();
  });
});
