// A stream up to its commit point: what comes before the first content is held back, so that a failure in it costs nothing.
import {
  attempted,
  type Answer,
  type AttemptContext,
  type Attempted,
  type Settlement,
  type Target,
} from "@holdfast/core";

import { reasonOf, remarksOf, usageOf } from "./answer.ts";
import {
  type HostLanguageModel,
  type HostOptions,
  type HostStreamPart,
  type HostStreamResult,
} from "./host-types.ts";
import { type Route } from "./route.ts";

/** The end of an attempt whose stream outlives it. */
interface Settle {
  resolve(settlement: Settlement): void;
  reject(error: unknown): void;
}

/** A stream of which the first content is there. */
export interface StreamHead {
  readonly result: HostStreamResult;
  readonly reader: ReadableStreamDefaultReader<HostStreamPart>;
  /** What came up to the first content, that included. */
  readonly held: readonly HostStreamPart[];
  /** Whether there is nothing more to come. */
  readonly ended: boolean;
  readonly settle: Settle;
}

/** Decides, part by part, whether a stream may be handed on; throws when it may not be. */
export interface Gate {
  /** Whether the commit point is reached. */
  admits(part: HostStreamPart): boolean;
  /** What the stream answered with, when it ended before its commit point. */
  end(finish: HostStreamPart | undefined): Answer;
}

const contentTypes = new Set([
  "tool-input-start",
  "tool-call",
  "tool-result",
  "tool-approval-request",
  "file",
  "reasoning-file",
  "custom",
]);

/** Whether a reader would see something: after such a part no other model can begin anew. */
function isContent({ type, delta }: HostStreamPart): boolean {
  return type === "text-delta" || type === "reasoning-delta"
    ? delta !== ""
    : contentTypes.has(type);
}

/** What a stream without content said at its end. */
export function emptyAnswer(finish: HostStreamPart | undefined): Answer {
  const reason = reasonOf(finish?.finishReason);
  return {
    toolCalls: 0,
    parts: 0,
    ...(reason === undefined ? {} : { finishReason: reason }),
    ...remarksOf(finish?.providerMetadata),
  };
}

/** The gate of a stream that begins anew. */
export const firstContent: Gate = { admits: isContent, end: emptyAnswer };

function ignore(): void {}

/** Ends a stream that nobody will read; its failure to end concerns nobody. */
export function discard(reader: ReadableStreamDefaultReader<unknown>, reason?: unknown): void {
  reader.cancel(reason).catch(ignore);
}

interface Read {
  readonly held: readonly HostStreamPart[];
  readonly finish: HostStreamPart | undefined;
  readonly ended: boolean;
}

const once = { once: true };

/** A host that does not watch its signal is stopped at its stream; so is one that lost to a faster attempt after its first content. */
async function readHead(
  reader: StreamHead["reader"],
  gate: Gate,
  { signal }: AttemptContext,
): Promise<Read> {
  const stop = (): void => discard(reader, signal.reason);
  signal.addEventListener("abort", stop, once);
  const held: HostStreamPart[] = [];
  let finish: HostStreamPart | undefined;
  let ended = true;
  try {
    while (!finish) {
      const { done, value: part } = await reader.read();
      if (done) break;
      if (part.type === "error") throw part.error as Error;
      held.push(part);
      ended = !gate.admits(part);
      if (!ended) break;
      if (part.type === "finish") finish = part;
    }
    signal.throwIfAborted();
  } catch (error) {
    signal.removeEventListener("abort", stop);
    discard(reader, error);
    throw error;
  }
  return { held, finish, ended };
}

function unsettled(): { settled: Promise<Settlement>; settle: Settle } {
  let settle: Settle = { resolve: ignore, reject: ignore };
  const settled = new Promise<Settlement>((resolve, reject) => {
    settle = { resolve, reject };
  });
  settled.catch(ignore);
  return { settled, settle };
}

/** What an attempt to open a stream needs to know beside its target. */
export interface Opening {
  readonly route: Route<HostLanguageModel>;
  readonly options: HostOptions;
  readonly gate: Gate;
}

/** Opens a stream at a target and reads it to its commit point. An `error` part before it fails the attempt. */
export async function openHead(
  { route, options, gate }: Opening,
  target: Target,
  context: AttemptContext,
): Promise<Attempted<StreamHead>> {
  const result = await route.modelFor(target).doStream(options);
  const reader = result.stream.getReader();
  const { held, finish, ended } = await readHead(reader, gate, context);
  const { settled, settle } = unsettled();
  const head: StreamHead = { result, reader, held, ended, settle };
  if (!ended) return attempted(head, { settled });
  discard(reader);
  const usage = usageOf(finish?.usage);
  settle.resolve({ usage });
  return attempted(head, { answer: gate.end(finish), usage, settled });
}
