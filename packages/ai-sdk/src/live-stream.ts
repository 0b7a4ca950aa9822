// Speech, transcription and translation that stream: their input is a stream too, and says when there is something to say.
import { type AttemptContext, type Attempted, type Target } from "@holdfast/core";

import { attemptOptions } from "./attempt-options.ts";
import { type HostLanguageModel, type HostOptions, type HostStreamResult } from "./host-types.ts";
import { Replay } from "./replay.ts";
import { type Route } from "./route.ts";
import { run } from "./run.ts";
import { bodyOf } from "./stream-body.ts";
import { emptyAnswer, openHead, type Gate, type StreamHead } from "./stream-head.ts";
import { warningsOf } from "./warning.ts";

const before = new Set(["stream-start", "response-metadata", "raw", "finish"]);

const admits: Gate["admits"] = ({ type }) => !before.has(type);

/** Silence has a transcript, which is empty; speech without a sound is none. */
const heard: Gate = { admits, end: (finish) => (finish ? { parts: 1 } : emptyAnswer(finish)) };
const spoken: Gate = { admits, end: emptyAnswer };

interface Live {
  readonly route: Route<HostLanguageModel>;
  /** The option that is the input. */
  readonly name: "text" | "audio";
  readonly input: Replay<unknown>;
}

async function attempt(
  { route, name, input }: Live,
  target: Target,
  context: AttemptContext,
): Promise<Attempted<StreamHead>> {
  const own = attemptOptions(route, target, context);
  const options = { ...own, [name]: input.open() };
  const gate = name === "text" ? spoken : heard;
  const opened = await openHead({ route, options, gate }, target, context);
  // What ended without content may be no answer yet.
  if (opened.value.ended) return opened;
  input.forget();
  const end = (): void => input.cancel();
  opened.about.settled?.then(end, end);
  return opened;
}

/**
 * Answers `doStream` of a model whose input is a stream. Up to its first content an attempt that fails is made again
 * elsewhere, with all that was said so far. How long that takes is the speaker's affair: nothing is cut for its pauses
 * unless the call sets a limit.
 */
export async function liveStream(
  route: Route<HostLanguageModel>,
  options: HostOptions,
): Promise<HostStreamResult> {
  const name = options["text"] instanceof ReadableStream ? "text" : "audio";
  const input = new Replay(options[name] as ReadableStream<unknown>);
  const live: Live = { route, name, input };
  try {
    return await run<StreamHead, HostStreamResult>(route, options, {
      prepare(call) {
        call.streaming = true;
        call.unsafe = true;
        call.attemptTimeout ??= Infinity;
        call.deadline ??= Infinity;
      },
      attempt: (target, context) => attempt(live, target, context),
      finish(executed, call) {
        // A last resort is handed on as the policy gave it.
        if (executed.degraded) return executed.value as unknown as HostStreamResult;
        if (executed.value.ended) input.cancel();
        const warnings = warningsOf(route, call, executed);
        const body = bodyOf({ route, options, warnings, executed, live: true });
        return { ...executed.value.result, stream: new ReadableStream(body) };
      },
    });
  } catch (error) {
    input.cancel(error);
    throw error;
  }
}
