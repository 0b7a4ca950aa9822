import { type Answer, attempted, createPolicy, type PolicyOptions } from "@holdfast/core";

import { type Contender, type Setting } from "../contender.ts";
import { Refused, type Reply } from "../world/world.ts";
import { clientError } from "./client-error.ts";
import { holdfastStreams, kindOfStream } from "./holdfast-streams.ts";
import { policyFor } from "./policy-for.ts";

/** What a raw client tells the engine of a 200 that is none. */
function answerOf(body: string): Answer {
  const { promptFeedback, candidates } = JSON.parse(body) as {
    promptFeedback?: { blockReason?: string };
    candidates?: { finishReason?: string; content?: { parts?: unknown[] } }[];
  };
  const { finishReason, content } = candidates?.[0] ?? {};
  const blockReason = promptFeedback?.blockReason;
  return {
    ...(blockReason === undefined ? {} : { blockReason }),
    ...(finishReason === undefined ? {} : { finishReason }),
    parts: content?.parts?.length ?? 0,
  };
}

/** Measures a policy of Holdfast: `options` on top of what the scenario gives. */
export function holdfast(
  options: PolicyOptions = {},
  {
    name = "holdfast",
    about = "policy.execute around @google/genai, default options",
  }: { name?: string; about?: string } = {},
): Contender {
  return {
    name,
    origin: "ours",
    about,
    tellable: true,
    start({ scenario, clock, world }: Setting) {
      const policy = createPolicy(policyFor(scenario, options), { clock });
      return async (call, signal) => {
        const { value } = await policy.execute<string>(
          async (target, context) => {
            const { model, account } = target;
            const abort = context.signal;
            try {
              const reply: Reply = await world.send({ call, model, account, signal: abort });
              const { text, inputTokens, outputTokens } = reply;
              const usage = { inputTokens, outputTokens };
              return attempted(text, { answer: { finishReason: "STOP", text, parts: 1 }, usage });
            } catch (error) {
              if (error instanceof Refused && error.status === 200)
                return attempted("", { answer: answerOf(error.body) });
              throw clientError(error);
            }
          },
          { model: call.model ?? scenario.model, signal, tokens: call.inputTokens },
        );
        return value;
      };
    },
    diagnose: kindOfStream,
    ...holdfastStreams(options),
  };
}

/** Streams that break are continued by the next target. */
export const holdfastContinue: Contender = {
  ...holdfast(
    { afterContent: "continue" },
    { name: "holdfast-continue", about: 'the same with afterContent: "continue"' },
  ),
  continues: true,
  applies: ({ weather }) => weather.streams !== undefined,
};

/** Leaves for the fallback at the first failure, as some packages do: the model asked for is tried again every 3 minutes. */
export const holdfastEager: Contender = {
  ...holdfast(
    { breaker: { calls: 1, share: 0, streak: 1, cooldown: 180_000, maxCooldown: 180_000 } },
    {
      name: "holdfast-eager",
      about: "the same with a breaker that leaves for the fallback at one failure, for 3 minutes",
    },
  ),
  applies: ({ fallback }) => fallback !== undefined,
};

/** Told the limits, but not that the server counts fixed minutes: safe wherever it does not. */
export const holdfastSliding: Contender = {
  ...holdfast(),
  name: "holdfast-sliding",
  about: "the same where limits are told without a word of how minutes are counted",
  start(setting) {
    const { limits = {} } = setting.scenario.weather;
    return holdfast({ limits }).start(setting);
  },
  applies: ({ told, weather: { counting, limits } }) =>
    told && counting.window === "fixed" && limits !== undefined,
};
