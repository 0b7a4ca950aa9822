// Models of all families but language: one call, one answer, held by method name.
import {
  attempted,
  classify,
  type Answer,
  type AttemptContext,
  type Attempted,
  type Executed,
  type FailureKind,
  type Target,
} from "@holdfast/core";

import { modelVersionOf, usageOf } from "./answer.ts";
import { attemptOptions } from "./attempt-options.ts";
import { allParallel, commonLimit, isLimit } from "./common-limits.ts";
import { carryVectors, keepVectors } from "./embedding-chunks.ts";
import { finalError } from "./final-error.ts";
import { makeStorable, remember } from "./held.ts";
import {
  type AnyModel,
  type HostLanguageModel,
  type HostOptions,
  type HostResult,
} from "./host-types.ts";
import { liveStream } from "./live-stream.ts";
import { metadataOf } from "./metadata.ts";
import { type Route } from "./route.ts";
import { run } from "./run.ts";
import { warningsOf } from "./warning.ts";

/** Methods that ask a model once and answer once. */
export const heldMethods = [
  "doEmbed",
  "doGenerate",
  "doGenerateFromUrl",
  "doRerank",
  "doDecide",
  "doEvaluate",
  "doExtract",
  "doStart",
] as const;

type HeldMethod = (typeof heldMethods)[number];
type Method = (options: HostOptions) => PromiseLike<HostResult>;

function methodOf(model: AnyModel, name: string): Method | undefined {
  const method = (model as unknown as Record<string, unknown>)[name];
  return typeof method === "function" ? (method.bind(model) as Method) : undefined;
}

function lengthOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  return typeof value === "object" && value !== null && "length" in value
    ? Number(value.length)
    : 0;
}

/** How much a call asks for, where an answer of that length can be told from an empty one. */
function answerOf(result: HostResult, options: HostOptions): Answer | undefined {
  const { images, audio, videos, embeddings } = result;
  if (Array.isArray(embeddings)) {
    const whole =
      embeddings.length === lengthOf(options["values"]) &&
      embeddings.every((vector) => lengthOf(vector) > 0);
    return { parts: whole ? 1 : 0 };
  }
  const made = images ?? videos ?? audio;
  if (made === undefined) return undefined;
  // The SDK's own protocol: an empty list that the provider calls final is an answer.
  return { parts: result["isRetryable"] === false ? 1 : lengthOf(made) };
}

/** Failures after which something may have been made all the same. */
const ambiguous: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "timeout",
  "network",
  "server-error",
  "gateway-error",
  "stream-interrupted",
  "unknown",
]);

/** Videos cost too much to be made twice by mistake. */
function creates(model: AnyModel, method: HeldMethod): boolean {
  return method === "doStart" || (method === "doGenerate" && "maxVideosPerCall" in model);
}

interface Doubt {
  readonly doubt: unknown;
}

function isDoubt(value: HostResult | Doubt): value is Doubt {
  return "doubt" in value;
}

/** An attempt that ended in doubt is not repeated: it is told apart, and still teaches the board. */
function inDoubt(doubt: unknown): Attempted<Doubt> {
  if (!ambiguous.has(classify(doubt).kind)) throw doubt as Error;
  const settled = Promise.reject<void>(doubt);
  settled.catch(() => {});
  return attempted({ doubt }, { settled });
}

async function attempt(
  { route, method }: Operation,
  target: Target,
  context: AttemptContext,
): Promise<Attempted<HostResult | Doubt>> {
  const options = attemptOptions(route, target, context);
  const model = methodOf(route.modelFor(target), method);
  if (!model) throw new TypeError(`Holdfast: ${target.name} has no ${method}`);
  try {
    const result = await model(options);
    const answer = answerOf(result, options);
    const modelVersion = modelVersionOf(result);
    return attempted(result, {
      usage: usageOf(result.usage),
      ...(answer ? { answer } : {}),
      ...(modelVersion === undefined ? {} : { modelVersion }),
    });
  } catch (error) {
    if (!creates(route.base, method)) throw error;
    return inDoubt(error);
  }
}

interface Operation {
  readonly route: Route;
  readonly method: HeldMethod;
}

function finish(route: Route, executed: Executed<HostResult | Doubt>): HostResult {
  const { value } = executed;
  // A last resort is handed on as the policy gave it.
  if (value === undefined || executed.degraded) return value as HostResult;
  if (isDoubt(value)) throw finalError(route.policy.redact(value.doubt), route.policy);
  // `generateImage` joins the `images` of all metadata.
  const holdfast = { ...metadataOf(executed), ...("images" in value ? { images: [] } : {}) };
  const warnings = warningsOf(route, {}, executed);
  return {
    ...value,
    ...(warnings.length > 0 && value.warnings
      ? { warnings: [...value.warnings, ...warnings] }
      : {}),
    providerMetadata: { ...value.providerMetadata, holdfast },
  };
}

async function ask(operation: Operation, options: HostOptions): Promise<HostResult> {
  const { route } = operation;
  const { values } = options as { values?: readonly string[] };
  try {
    const result = await run<HostResult | Doubt, HostResult>(route, options, {
      prepare(call) {
        if (!values) return;
        call.requests = values.length;
        call.tokens = Math.ceil(values.reduce((sum, text) => sum + text.length, 0) / 4);
      },
      attempt: (target, context) => attempt(operation, target, context),
      finish(executed) {
        const finished = finish(route, executed);
        return operation.method === "doStart" ? withPlace(finished, executed) : finished;
      },
    });
    keepVectors(options, result);
    return result;
  } catch (error) {
    throw carryVectors(options, error);
  }
}

/** An operation belongs to the account that began it. */
interface Place {
  readonly holdfast: { readonly account: string; readonly model: string };
  readonly operation: unknown;
}

function withPlace(result: HostResult, { target }: Executed<unknown>): HostResult {
  if (!target) return result;
  const place: Place = {
    holdfast: { account: target.account, model: target.model },
    operation: result["operation"],
  };
  return { ...result, operation: place };
}

async function status(route: Route, options: HostOptions): Promise<HostResult> {
  const place = options["operation"] as Place | undefined;
  if (!place?.holdfast)
    throw new TypeError("Holdfast: this operation was not begun by a model that holds fast");
  const asked = { ...options, operation: place.operation };
  return run<HostResult, HostResult>(route, asked, {
    prepare: (call) => Object.assign(call, place.holdfast),
    attempt(target, context) {
      const method = methodOf(route.modelFor(target), "doStatus");
      if (!method) throw new TypeError(`Holdfast: ${target.name} has no doStatus`);
      return method(attemptOptions(route, target, context));
    },
    finish: ({ value }) => value,
  });
}

/** Every name on a model and on what it inherits from, but for what every object has. */
function namesOf(model: object): Set<PropertyKey> {
  const names = new Set<PropertyKey>();
  for (
    let at: object | null = model;
    at && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  )
    for (const name of Reflect.ownKeys(at)) names.add(name);
  names.delete("constructor");
  return names;
}

/** A model of any family but language, whose calls live under a policy. All else shows what the model it stands for shows. */
export class HeldModel implements AnyModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;

  constructor(route: Route) {
    const { base } = route;
    this.specificationVersion = base.specificationVersion;
    this.provider = base.provider;
    this.modelId = base.modelId;
    for (const name of namesOf(base)) {
      if (name in this) continue;
      const held = heldMethodOf(route, name);
      const value: unknown = Reflect.get(base, name);
      if (isLimit(name) || typeof value !== "function" || typeof name === "symbol")
        Object.defineProperty(this, name, { enumerable: true, get: () => shown(route, name) });
      else
        Object.defineProperty(this, name, {
          enumerable: true,
          value: held ?? (value.bind(base) as unknown),
        });
    }
    remember(this, route);
  }
}

/** What the model shows, or as much of it as all that may serve can keep. */
function shown(route: Route, name: PropertyKey): unknown {
  if (isLimit(name)) return commonLimit(route.all(), name);
  if (name === "supportsParallelCalls") return allParallel(route.all());
  return Reflect.get(route.base, name) as unknown;
}

function heldMethodOf(route: Route, name: PropertyKey): Method | undefined {
  if (name === "doStream")
    return (options) => liveStream(route as Route<HostLanguageModel>, options);
  if (name === "doStatus") return (options) => status(route, options);
  const method = heldMethods.find((candidate) => candidate === name);
  return method && ((options) => ask({ route, method }, options));
}

makeStorable(HeldModel);
