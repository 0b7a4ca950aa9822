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
import { Flow, type Sink } from "./flow.ts";
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

/** The source of the stream that the SDK reads. */
export function bodyOf(served: Served): UnderlyingDefaultSource<HostStreamPart> {
  let body: StreamBody | undefined;
  return {
    start(controller) {
      body = new StreamBody(served, controller);
      body.begin();
    },
    pull: () => body?.pull(),
    cancel: (reason) => body?.cancel(reason),
  };
}

class StreamBody implements Sink<HostStreamPart> {
  readonly controller: Controller;
  readonly #served: Served;
  readonly #written = new Written();
  readonly #flow: Flow<HostStreamPart>;
  readonly #keep: boolean;
  #stall: ReturnType<typeof watchStall> | undefined;
  #stalled: unknown;
  #finished = false;
  /** Whether nobody reads any more, or nothing more comes. */
  #over = false;
  #reported = false;
  #joined = false;
  /** The end of the text, held back until what follows shows that the answer is whole: a cut stream ends it too. */
  #heldEnd: HostStreamPart | undefined;

  constructor(served: Served, controller: Controller) {
    this.controller = controller;
    this.#served = served;
    this.#flow = new Flow(this);
    this.#keep = !served.live && served.route.policy.settings.afterContent === "continue";
  }

  get #head(): StreamHead {
    return this.#served.executed.value;
  }

  get reader(): StreamHead["reader"] {
    return this.#head.reader;
  }

  begin(): void {
    const {
      options: { abortSignal },
      executed,
      warnings,
    } = this.#served;
    if (abortSignal?.aborted) return this.#abort();
    if (abortSignal) onAbort(abortSignal, this.#abort);
    introduce(executed, warnings, (part) => this.#hand(part));
    if (this.#head.ended) return this.#close();
    this.#watch();
    // At once and not when it is asked to: a reader that finds something there need not be woken for every part.
    void this.#flow.run();
  }

  pull(): Promise<void> {
    // The time until the reader wanted more was not the stream's.
    this.#stall?.tick();
    return this.#flow.run();
  }

  take(part: HostStreamPart): boolean {
    // Nearly all parts are of this kind: they take the shortest way.
    if (part.type === "text-delta" && !this.#keep) {
      this.#stall?.tick();
      this.controller.enqueue(part);
      return true;
    }
    const broken = this.#breaks(part);
    if (broken) this.fail(broken.error);
    else if (part.type === "finish") this.#settle(part);
    else this.#hand(part);
    return !broken && part.type !== "finish";
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

  #hand(part: HostStreamPart): void {
    if (this.#heldEnd) this.#handOn(this.#heldEnd);
    this.#heldEnd = undefined;
    if (this.#joined) return this.#takeJoined(part);
    if (isProgress(part.type)) this.#stall?.tick();
    if (part.type === "text-delta" || part.type === "reasoning-delta") {
      if (this.#keep) this.#written.add(part);
      this.controller.enqueue(part);
    } else if (part.type === "finish") this.#finish(part);
    else if (part.type === "error") this.#report(part);
    else this.#holdOrHandOn(part);
  }

  #holdOrHandOn(part: HostStreamPart): void {
    if (this.#keep && part.type === "text-end") this.#heldEnd = part;
    else this.#handOn(part);
  }

  #handOn(part: HostStreamPart): void {
    this.#written.note(part);
    this.controller.enqueue(part);
  }

  /** Parts of the model that goes on, as parts of the answer that is already there. */
  #takeJoined(part: HostStreamPart): void {
    if (isProgress(part.type)) this.#stall?.tick();
    if (part.type === "finish") return this.#finish(part);
    if (part.type === "error") return this.#report(part);
    const own = this.#written.adopt(part);
    if (!own) return;
    if (own.type === "text-delta") this.#written.add(own);
    this.#holdOrHandOn(own);
  }

  /** The board is told first what was used, so that the finish part can say what it cost. */
  #settle(finish: HostStreamPart): void {
    this.#head.settle.resolve({ usage: usageOf(finish.usage) });
    Promise.resolve()
      .then(() => {
        this.#hand(finish);
        this.#flow.readOn();
      })
      .catch((error: unknown) => this.fail(error));
  }

  #finish(part: HostStreamPart): void {
    this.#finished = true;
    const holdfast = metadataOf(this.#served.executed);
    this.controller.enqueue({ ...part, providerMetadata: { ...part.providerMetadata, holdfast } });
  }

  /** The host goes on after an error, to its own end; the board learns of it now. */
  #report(part: HostStreamPart): void {
    this.#reported = true;
    this.#head.settle.reject(part.error);
    this.controller.enqueue({ ...part, error: this.#served.route.policy.redact(part.error) });
  }

  end(): void {
    if (this.#finished) this.#close();
    else this.fail(this.#stalled ?? interruptedError());
  }

  fail(reason: unknown): void {
    this.#fail(reason).then(
      () => {
        if (!this.#over) this.#flow.readOn();
      },
      (unforeseen: unknown) => this.controller.error(unforeseen),
    );
  }

  #close(): void {
    if (this.#over) return;
    this.#release();
    this.#head.settle.resolve({});
    this.controller.close();
  }

  #isCut(part: HostStreamPart): boolean {
    return isCut(part, this.#served.executed.target?.provider ?? "");
  }

  #mayContinue(): boolean {
    return this.#keep && !this.#served.options.abortSignal?.aborted && canContinue(this.#written);
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#over) return;
    this.#stall?.stop();
    discard(this.#head.reader, error);
    // What breaks after the end takes nothing away.
    if (this.#finished) return this.#close();
    if (this.#served.options.abortSignal?.aborted) return this.#abort();
    this.#head.settle.reject(error);
    const reported = this.#mayContinue() ? await this.#goOn(error) : this.#interrupted(error);
    if (reported !== undefined) this.#breakOff(reported);
  }

  /** Lets the next target write on; answers with what is to be reported when none could. */
  async #goOn(error: unknown): Promise<unknown> {
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
    for (const part of this.#head.held) this.#hand(part);
    if (this.#head.ended) this.#close();
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
  #breakOff(error: unknown): void {
    // The reader may have left while another attempt was made.
    if (this.#over) return;
    const { specificationVersion } = this.#served.route.base;
    if (!this.#reported) this.controller.enqueue({ type: "error", error });
    for (const part of this.#written.ends()) this.controller.enqueue(part);
    if (!this.#served.live)
      this.controller.enqueue({
        type: "finish",
        finishReason: finishReason(specificationVersion, "error"),
        usage: unknownUsage(specificationVersion),
        providerMetadata: { holdfast: metadataOf(this.#served.executed) },
      });
    this.#release();
    this.controller.close();
  }

  #watch(): void {
    if (this.#served.live) return;
    const { clock, settings } = this.#served.route.policy;
    this.#stall = watchStall(clock, settings.stallTimeout, () => {
      // A reader in no hurry is not a stream that stalls.
      if (!this.#flow.running) return this.#watch();
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
    this.controller.error(reason);
  };

  #release(): void {
    const { abortSignal } = this.#served.options;
    this.#over = true;
    this.#stall?.stop();
    this.#flow.stop();
    if (abortSignal) offAbort(abortSignal, this.#abort);
  }
}
