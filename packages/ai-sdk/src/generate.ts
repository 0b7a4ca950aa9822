// One generation without a stream.
import {
  attempted,
  type AttemptContext,
  type Attempted,
  type AttemptedDetails,
  type CallOptions,
  type Executed,
  type Target,
} from "@holdfast/core";

import { answerOf, errorInBody, modelVersionOf, usageOf } from "./answer.ts";
import { attemptOptions } from "./attempt-options.ts";
import { type HostLanguageModel, type HostResult } from "./host-types.ts";
import { lastResort } from "./last-resort.ts";
import { metadataOf } from "./metadata.ts";
import { bodyError } from "./provider-error.ts";
import { type Route } from "./route.ts";
import { type Work } from "./run.ts";
import { misfitOf, withHint } from "./structured-output.ts";
import { warningsOf } from "./warning.ts";

type LanguageRoute = Route<HostLanguageModel>;

async function attempt(
  route: LanguageRoute,
  target: Target,
  context: AttemptContext,
): Promise<Attempted<HostResult>> {
  const { structured } = route.options;
  const options = withHint(attemptOptions(route, target, context), context, structured);
  const result = await route.modelFor(target).doGenerate(options);
  const error = errorInBody(result);
  if (error) throw bodyError(error);
  const answer = misfitOf(result, options, structured) ?? answerOf(result);
  const about: AttemptedDetails = { answer, usage: usageOf(result.usage) };
  const modelVersion = modelVersionOf(result);
  if (modelVersion !== undefined) about.modelVersion = modelVersion;
  return attempted(result, about);
}

/** A result that says who served, and how. */
function finish(
  route: LanguageRoute,
  call: CallOptions,
  executed: Executed<HostResult>,
): HostResult {
  const { target, degraded } = executed;
  const value = degraded
    ? lastResort(executed.value, route.base.specificationVersion)
    : executed.value;
  const holdfast = metadataOf(executed);
  const { providerMetadata: own } = value;
  const result = { ...value, providerMetadata: own ? { ...own, holdfast } : { holdfast } };
  const warnings = warningsOf(route, call, executed);
  if (warnings.length > 0) result.warnings = [...(value.warnings ?? []), ...warnings];
  if (target && value.response?.modelId === undefined)
    result.response = { ...value.response, modelId: modelVersionOf(value) ?? target.model };
  return result;
}

/** How the calls of a held language model are generated. */
export function generating(route: LanguageRoute): Work<HostResult, HostResult> {
  return {
    attempt: (target, context) => attempt(route, target, context),
    finish: (executed, call) => finish(route, call, executed),
  };
}
