// A stream under a policy: until its first content it may begin anew elsewhere, and the reader sees one clean stream.
import {
  type AttemptContext,
  attempted,
  type Attempted,
  type Call,
  type CallOptions,
  classifyAnswer,
  type Executed,
  type Policy,
  type Settlement,
  type Target,
} from "@holdfast/core";

import { type Digest } from "./answer.ts";
import { cutError, finalError, interrupted, spoiledError } from "./gave-up.ts";
import { Line } from "./line.ts";

/** What one attempt reads from. */
interface Opened<Chunk> {
  chunks: AsyncIterable<Chunk>;
  digest: Digest;
}

/** A stream to be carried. */
export interface StreamJob<Chunk> {
  policy: Policy;
  options: CallOptions;
  open(target: Target, context: AttemptContext, signal: AbortSignal): Promise<Opened<Chunk>>;
  /** Whether a chunk hands something on. */
  hasContent(chunk: Chunk): boolean;
  note(digest: Digest, chunk: Chunk): void;
  /** The chunks that the policy's last resort stands for. */
  lastResort(value: unknown): Chunk[];
  /** Told of an error that is final. */
  onGivenUp?(error: unknown): void;
  /** Told once, before the first chunk of a target is handed on. */
  onServed?(executed: Executed<unknown>, first: Chunk): void;
  /** The job that goes on with what was handed on; absent where a stream that broke cannot be continued. */
  goOn?: (written: readonly Chunk[]) => StreamJob<Chunk> | undefined;
}

/** A stream at its commit point. */
interface Head<Chunk> {
  held: Chunk[];
  /** Absent when all of it is held. */
  iterator: AsyncIterator<Chunk> | undefined;
  digest: Digest;
  line: Line;
  settle: Settle;
}

interface Settle {
  resolve(settlement: Settlement): void;
  reject(error: unknown): void;
}

function settling(): Settle & { promise: Promise<Settlement> } {
  const settle: Partial<Settle> = {};
  const promise = new Promise<Settlement>((resolve, reject) => {
    settle.resolve = resolve;
    settle.reject = reject;
  });
  // Core listens to it where it matters; elsewhere its rejection must not end the process.
  promise.catch(() => undefined);
  return { ...(settle as Settle), promise };
}

/** Reads up to the first content, or to the end. */
function openHead<Chunk>(job: StreamJob<Chunk>): Call<Head<Chunk>> {
  return async (target, context): Promise<Attempted<Head<Chunk>>> => {
    const line = new Line(context, job.options.signal);
    let iterator: AsyncIterator<Chunk> | undefined;
    try {
      const { chunks, digest } = await job.open(target, context, line.signal);
      iterator = chunks[Symbol.asyncIterator]();
      const held: Chunk[] = [];
      for (;;) {
        const next = await line.wait(iterator.next());
        if (next.done) break;
        held.push(next.value);
        job.note(digest, next.value);
        if (job.hasContent(next.value)) return committed({ held, iterator, digest, line });
      }
      line.close();
      const settle = settling();
      return attempted({ held, iterator: undefined, digest, line, settle }, digest.about());
    } catch (error) {
      line.break(error);
      leave(iterator);
      throw error;
    }
  };
}

function committed<Chunk>(parts: Omit<Head<Chunk>, "settle">): Attempted<Head<Chunk>> {
  const settle = settling();
  return attempted({ ...parts, settle }, { settled: settle.promise });
}

/** Lets go of an iterator; a generator that waits for a deaf host would never answer. */
export function leave(iterator: AsyncIterator<unknown> | undefined): void {
  iterator?.return?.()?.then(undefined, () => undefined);
}

/** What is wrong with a stream that came to its end after content. */
export function faultOf(digest: Digest): Error | undefined {
  if (digest.cut) return cutError();
  const { answer } = digest.about();
  const failure = answer && classifyAnswer(answer);
  return failure?.kind === "malformed-function-call"
    ? spoiledError(digest.finishReason ?? "MALFORMED_FUNCTION_CALL")
    : undefined;
}

/** Hands on what follows the commit point. */
async function* readOn<Chunk>(job: StreamJob<Chunk>, head: Head<Chunk>): AsyncGenerator<Chunk> {
  const { held, iterator, digest, line, settle } = head;
  let over = false;
  try {
    yield* held;
    if (iterator) yield* rest(job, head, iterator);
    over = true;
    const fault = iterator && faultOf(digest);
    if (fault) throw fault;
  } catch (error) {
    settle.reject(error);
    throw error;
  } finally {
    settle.resolve(digest.settlement());
    if (over) line.close();
    else line.break(new DOMException("the reader has left the stream", "AbortError"));
    leave(iterator);
  }
}

async function* rest<Chunk>(
  job: StreamJob<Chunk>,
  { digest, line }: Head<Chunk>,
  iterator: AsyncIterator<Chunk>,
): AsyncGenerator<Chunk> {
  line.watch(job.policy);
  for (;;) {
    line.tick();
    const next = await line.wait(iterator.next());
    if (next.done) return;
    line.tick();
    job.note(digest, next.value);
    yield next.value;
  }
}

/** Carries a stream; what is thrown is final. */
export async function* carryStream<Chunk>(job: StreamJob<Chunk>): AsyncGenerator<Chunk> {
  const { policy, options } = job;
  const written: Chunk[] | undefined = policy.settings.afterContent === "continue" ? [] : undefined;
  const executed = await final(job, policy.execute(openHead(job), options));
  yield* serve({ job, executed, written });
}

/** What broke, and where. */
interface Broke<Chunk> {
  execution: Promise<Executed<unknown>>;
  error: unknown;
  /** What was handed on. */
  written: Chunk[];
}

/** Goes on, in the same execution, with what another stream handed on before it broke; what is thrown is final. */
export async function* goOn<Chunk>(
  job: StreamJob<Chunk>,
  { execution, error, written }: Broke<Chunk>,
): AsyncGenerator<Chunk> {
  const before = await execution;
  const executed = await final(job, before.resume(openHead(job), error));
  yield* serve({ job, executed, written });
}

/** A stream that is under way, and what of it was handed on, where it may be gone on with. */
interface Serving<Chunk> {
  job: StreamJob<Chunk>;
  executed: Executed<Head<Chunk>>;
  written: Chunk[] | undefined;
}

async function* serve<Chunk>({ job, executed, written }: Serving<Chunk>): AsyncGenerator<Chunk> {
  const { policy, options } = job;
  let next: StreamJob<Chunk> | undefined;
  let broken: unknown;
  try {
    for await (const chunk of served(job, executed)) {
      written?.push(chunk);
      yield chunk;
    }
    return;
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    next = written && job.goOn?.(written);
    if (!next || !written) throw givenUp(job, interrupted(policy, executed.trace, error));
    broken = error;
  }
  yield* goOn(next, { execution: Promise.resolve(executed), error: broken, written });
}

async function* served<Chunk>(
  job: StreamJob<Chunk>,
  executed: Executed<Head<Chunk>>,
): AsyncGenerator<Chunk> {
  if (executed.degraded) {
    yield* job.lastResort(executed.value);
    return;
  }
  const [first] = executed.value.held;
  if (first !== undefined) job.onServed?.(executed, first);
  yield* readOn(job, executed.value);
}

async function final<Chunk, T>(job: StreamJob<Chunk>, execution: Promise<T>): Promise<T> {
  try {
    return await execution;
  } catch (error) {
    throw givenUp(job, finalError(error));
  }
}

function givenUp<Chunk>(job: StreamJob<Chunk>, error: unknown): unknown {
  job.onGivenUp?.(error);
  return error;
}
