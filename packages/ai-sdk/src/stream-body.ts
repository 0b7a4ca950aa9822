// A stream from its commit point to its end: handed on part by part, as fast as it is read.
import {
  classify,
  GaveUpError,
  offAbort,
  onAbort,
  timeoutError,
  watchStall,
  type Executed,
} from "@holdfast/core";

import { usageOf } from "./answer.ts";
import { canContinue, continuation, Written } from "./continuation.ts";
import { finalError } from "./final-error.ts";
import { type HostLanguageModel, type HostOptions, type HostStreamPart } from "./host-types.ts";
import { finishReason, unknownUsage } from "./last-resort.ts";
import { metadataOf } from "./metadata.ts";
import { interruptedError } from "./provider-error.ts";
import { type Route } from "./route.ts";
import { discard, type StreamHead } from "./stream-head.ts";
import { introduce } from "./stream-introduction.ts";
import { type HostWarning } from "./warning.ts";

type Controller = ReadableStreamDefaultController<HostStreamPart>;

/** Parts that a reader waits for; pings and raw chunks keep a connection alive, not an answer. */
function isProgress(type: string): boolean {
  return type !== "ping" && type !== "raw";
}

/** v4 says that the stream was cut; before, Google's providers say only that they know no reason. */
function isCut({ finishReason: reason }: HostStreamPart, provider: string): boolean {
  if (typeof reason === "object") {
    if (reason.unified === "interrupted") return true;
    return reason.unified === "other" && reason.raw === undefined && provider.startsWith("google");
  }
  return reason === "unknown" && provider.startsWith("google");
}

/** The caller may give any reason; the board is told only that it was the caller. */
function byCaller(): DOMException {
  return new DOMException("The caller ended the call.", "AbortError");
}

/** What a body is made of. */
export interface Served {
  readonly route: Route<HostLanguageModel>;
  readonly options: HostOptions;
  /** What is to be said of the call beside its answer. */
  readonly warnings: readonly HostWarning[];
  /** Whether its input is a stream too: then pauses are its speaker's, and no end can be made up. */
  readonly live?: true;
  executed: Executed<StreamHead>;
}

/** The source behind the stream that the SDK reads. */
export class StreamBody implements UnderlyingDefaultSource<HostStreamPart> {
  readonly #served: Served;
  readonly #written: Written;
  readonly #keep: boolean;
  #controller: Controller | undefined;
  #stall: ReturnType<typeof watchStall> | undefined;
  #stalled: unknown;
  #reading = false;
  #finished = false;
  /** Whether nobody reads any more, or nothing more comes. */
  #over = false;
  #reported = false;
  #joined = false;
  /** The end of the text, held back until what follows shows that the answer is whole: a cut stream ends it too. */
  #heldEnd: HostStreamPart | undefined;

  constructor(served: Served) {
    this.#served = served;
    this.#written = new Written();
    this.#keep = !served.live && served.route.policy.settings.afterContent === "continue";
  }

  get #head(): StreamHead {
    return this.#served.executed.value;
  }

  start(controller: Controller): void {
    this.#controller = controller;
    const {
      options: { abortSignal },
      executed,
      warnings,
    } = this.#served;
    if (abortSignal?.aborted) return this.#abort();
    if (abortSignal) onAbort(abortSignal, this.#abort);
    introduce(executed, warnings, (part) => this.#take(part, controller));
    if (this.#head.ended) this.#close(controller);
    else this.#watch();
  }

  async pull(controller: Controller): Promise<void> {
    const { reader } = this.#head;
    const stall = this.#stall;
    const keep = this.#keep;
    // The time until the reader wanted more was not the stream's.
    stall?.tick();
    this.#reading = true;
    try {
      do {
        const { done, value } = await reader.read();
        if (done) return await this.#end(controller);
        // Nearly all parts are of this kind: they take the shortest way.
        if (value.type === "text-delta" && !keep) {
          stall?.tick();
          controller.enqueue(value);
          continue;
        }
        const broken = this.#breaks(value);
        if (broken) return await this.#fail(controller, broken.error);
        if (value.type === "finish") await this.#settle(value);
        this.#take(value, controller);
      } while ((controller.desiredSize ?? 0) > 0);
    } catch (error) {
      await this.#fail(controller, error);
    } finally {
      this.#reading = false;
    }
  }

  /** The error that a part stands for when it ends this stream before its time, and is not to be handed on. */
  #breaks(part: HostStreamPart): { error: unknown } | undefined {
    if (part.type === "error" && this.#mayContinue()) return { error: part.error };
    if (part.type === "finish" && this.#isCut(part)) return { error: interruptedError() };
    return undefined;
  }

  cancel(reason: unknown): void {
    this.#release();
    this.#head.settle.resolve({});
    discard(this.#head.reader, reason);
  }

  #take(part: HostStreamPart, controller: Controller): void {
    if (this.#heldEnd) this.#handOn(this.#heldEnd, controller);
    this.#heldEnd = undefined;
    if (this.#joined) return this.#takeJoined(part, controller);
    if (isProgress(part.type)) this.#stall?.tick();
    if (part.type === "text-delta" || part.type === "reasoning-delta") {
      if (this.#keep) this.#written.add(part);
      controller.enqueue(part);
    } else if (part.type === "finish") this.#finish(part, controller);
    else if (part.type === "error") this.#report(part, controller);
    else this.#holdOrHandOn(part, controller);
  }

  #holdOrHandOn(part: HostStreamPart, controller: Controller): void {
    if (this.#keep && part.type === "text-end") this.#heldEnd = part;
    else this.#handOn(part, controller);
  }

  #handOn(part: HostStreamPart, controller: Controller): void {
    this.#written.note(part);
    controller.enqueue(part);
  }

  /** Parts of the model that goes on, as parts of the answer that is already there. */
  #takeJoined(part: HostStreamPart, controller: Controller): void {
    if (isProgress(part.type)) this.#stall?.tick();
    if (part.type === "finish") return this.#finish(part, controller);
    if (part.type === "error") return this.#report(part, controller);
    const own = this.#written.adopt(part);
    if (!own) return;
    if (own.type === "text-delta") this.#written.add(own);
    this.#holdOrHandOn(own, controller);
  }

  /** The board is told what was used, so that the finish part can say what it cost. */
  #settle({ usage }: HostStreamPart): Promise<void> {
    this.#head.settle.resolve({ usage: usageOf(usage) });
    return Promise.resolve();
  }

  #finish(part: HostStreamPart, controller: Controller): void {
    this.#finished = true;
    this.#head.settle.resolve({ usage: usageOf(part.usage) });
    const holdfast = metadataOf(this.#served.executed);
    controller.enqueue({ ...part, providerMetadata: { ...part.providerMetadata, holdfast } });
  }

  /** The host goes on after an error, to its own end; the board learns of it now. */
  #report(part: HostStreamPart, controller: Controller): void {
    this.#reported = true;
    this.#head.settle.reject(part.error);
    controller.enqueue({ ...part, error: this.#served.route.policy.redact(part.error) });
  }

  async #end(controller: Controller): Promise<void> {
    if (this.#finished) this.#close(controller);
    else await this.#fail(controller, this.#stalled ?? interruptedError());
  }

  #close(controller: Controller): void {
    if (this.#over) return;
    this.#release();
    this.#head.settle.resolve({});
    controller.close();
  }

  #isCut(part: HostStreamPart): boolean {
    return isCut(part, this.#served.executed.target?.provider ?? "");
  }

  #mayContinue(): boolean {
    return this.#keep && !this.#served.options.abortSignal?.aborted && canContinue(this.#written);
  }

  async #fail(controller: Controller, error: unknown): Promise<void> {
    if (this.#over) return;
    this.#stall?.stop();
    discard(this.#head.reader, error);
    // What breaks after the end takes nothing away.
    if (this.#finished) return this.#close(controller);
    if (this.#served.options.abortSignal?.aborted) return this.#abort();
    this.#head.settle.reject(error);
    const reported = this.#mayContinue()
      ? await this.#goOn(controller, error)
      : this.#interrupted(error);
    if (reported !== undefined) this.#breakOff(controller, reported);
  }

  /** Lets the next target write on; answers with what is to be reported when none could. */
  async #goOn(controller: Controller, error: unknown): Promise<unknown> {
    const { route, executed } = this.#served;
    try {
      const written = this.#written;
      const next = await executed.resume(continuation(route, written), error);
      // A last resort is an answer of its own, no end for this one.
      if (next.degraded) return this.#interrupted(error);
      this.#served.executed = next;
    } catch (gaveUp) {
      return finalError(gaveUp, route.policy);
    }
    if (this.#over) {
      this.#head.settle.resolve({});
      discard(this.#head.reader);
      return undefined;
    }
    this.#joined = true;
    this.#heldEnd = undefined;
    this.#stalled = undefined;
    for (const part of this.#head.held) this.#take(part, controller);
    if (this.#head.ended) this.#close(controller);
    else this.#watch();
    return undefined;
  }

  #interrupted(error: unknown): unknown {
    const { executed, route } = this.#served;
    const failure = classify(error);
    const gaveUp = new GaveUpError({
      reason: "interrupted",
      diagnosis: `the stream broke after its first content: ${failure.message}`,
      trace: executed.trace,
      failure,
      cause: route.policy.redact(error),
    });
    return finalError(gaveUp, route.policy);
  }

  /** Ends in order with what there is: readers of a thrown stream would see neither the error nor the end. */
  #breakOff(controller: Controller, error: unknown): void {
    // The reader may have left while another attempt was made.
    if (this.#over) return;
    const { specificationVersion } = this.#served.route.base;
    if (!this.#reported) controller.enqueue({ type: "error", error });
    for (const part of this.#written.ends()) controller.enqueue(part);
    if (!this.#served.live)
      controller.enqueue({
        type: "finish",
        finishReason: finishReason(specificationVersion, "error"),
        usage: unknownUsage(specificationVersion),
        providerMetadata: { holdfast: metadataOf(this.#served.executed) },
      });
    this.#release();
    controller.close();
  }

  #watch(): void {
    if (this.#served.live) return;
    const { clock, settings } = this.#served.route.policy;
    this.#stall = watchStall(clock, settings.stallTimeout, () => {
      // A reader in no hurry is not a stream that stalls.
      if (!this.#reading) return this.#watch();
      this.#stalled = timeoutError(settings.stallTimeout, "a pause of the stream");
      discard(this.#head.reader, this.#stalled);
    });
  }

  readonly #abort = (): void => {
    if (this.#over) return;
    const reason: unknown = this.#served.options.abortSignal?.reason;
    this.#release();
    this.#head.settle.reject(byCaller());
    discard(this.#head.reader, reason);
    this.#controller?.error(reason);
  };

  #release(): void {
    const { abortSignal } = this.#served.options;
    this.#over = true;
    this.#stall?.stop();
    if (abortSignal) offAbort(abortSignal, this.#abort);
  }
}
