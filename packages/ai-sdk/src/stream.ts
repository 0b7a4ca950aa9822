// One streamed generation.
import { type Executed } from "@holdfast/core";

import { attemptOptions } from "./attempt-options.ts";
import {
  type HostLanguageModel,
  type HostOptions,
  type HostStreamPart,
  type HostStreamResult,
} from "./host-types.ts";
import { lastResortParts } from "./last-resort.ts";
import { metadataOf } from "./metadata.ts";
import { type Route } from "./route.ts";
import { type Work } from "./run.ts";
import { bodyOf } from "./stream-body.ts";
import { firstContent, openHead, type StreamHead } from "./stream-head.ts";
import { warningsOf } from "./warning.ts";

/** Parts read ahead of the consumer: enough to spare a promise for most parts, few enough to stop upstream soon. */
const readAhead = { highWaterMark: 8 };

/** How the calls of a held language model are streamed: each resolves at its first content. */
export function streaming(route: Route<HostLanguageModel>): Work<StreamHead, HostStreamResult> {
  return {
    prepare(call) {
      call.streaming = true;
    },
    attempt: (target, context) =>
      openHead(
        { route, options: attemptOptions(route, target, context), gate: firstContent },
        target,
        context,
      ),
    finish(executed, call) {
      if (executed.degraded) return lastResortStream(route, executed);
      const warnings = warningsOf(route, call, executed);
      const options = call.input as HostOptions;
      const body = bodyOf({ route, options, warnings, executed });
      return { ...executed.value.result, stream: new ReadableStream(body, readAhead) };
    },
  };
}

function lastResortStream(
  route: Route<HostLanguageModel>,
  executed: Executed<unknown>,
): HostStreamResult {
  const parts = lastResortParts(executed.value, route.base.specificationVersion).map((part) =>
    part.type === "finish"
      ? { ...part, providerMetadata: { holdfast: metadataOf(executed) } }
      : part,
  );
  return {
    stream: new ReadableStream<HostStreamPart>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    }),
  };
}
