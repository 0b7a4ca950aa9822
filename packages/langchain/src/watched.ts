// An answer of which tokens are seen on the way: what has left cannot be taken back, but it may be gone on with.
import {
  type AttemptContext,
  attempted,
  type Attempted,
  type CallOptions,
  type Executed,
} from "@holdfast/core";
import { type BaseChatModel } from "@langchain/core/language_models/chat_models";

import { type Digest } from "./answer.ts";
import { faultOf, goOn, type StreamJob } from "./carry-stream.ts";
import { type Asked, type Chat, type Ready, type Result, whole } from "./chat-attempt.ts";
import { chunkJob, eventJob, type Within } from "./chat-stream.ts";
import { mending, type Rest } from "./going-on.ts";
import { Line } from "./line.ts";
import { type TokenSpy } from "./token-spy.ts";

/** A call whose answer is watched while it comes. */
export interface Watching<T> {
  chat: Chat;
  asked: Asked;
  call: CallOptions;
  /** Whose runs the attempts are that go on with the answer. */
  within: Within;
  execution: () => Promise<Executed<Result<T>>>;
  ask: (model: BaseChatModel, made: Ready) => Promise<T>;
  /** How the digest takes the answer in. */
  note: (digest: Digest, value: T) => void;
}

/** One attempt of it. */
interface Attempt {
  made: Ready;
  context: AttemptContext;
  spy: TokenSpy;
}

/** Where an attempt broke off and another one went on. */
class Seam {
  /** Rejects when there is one: the attempt is over, though its run is not. */
  readonly broken: Promise<never>;
  sewn = false;
  /** Who went on last. */
  served: Executed<unknown> | undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor() {
    this.broken = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.broken.catch(() => undefined);
  }

  sew(error: unknown): void {
    this.sewn = true;
    this.#reject(error);
  }
}

const ended = (): void => undefined;

/** Waits for the first token that leaves: the commit point. What comes after it is not repeated. */
export async function watched<T>(
  watching: Watching<T>,
  { made, context, spy }: Attempt,
): Promise<Attempted<Result<T>>> {
  const { chat, call, ask, note } = watching;
  const { digest, options } = made;
  const line = new Line(context, call.signal);
  const seam = new Seam();
  const mended = mendable(watching, { made, spy, line, seam });
  // A run that is gone on with outlives the attempt that broke in it.
  const signal = mended ? call.signal : line.signal;
  if (signal) options.signal = signal;
  else delete options.signal;
  const running = ask(mended ?? made.model, made);
  await Promise.race([spy.first, running.then(ended, ended)]);
  if (!spy.emitted) {
    line.close();
    return whole(running, { digest, note });
  }
  spy.onToken = () => line.tick();
  line.watch(chat.policy);
  // A model that is mended waits at the line itself.
  const rest = (mended ? running : line.wait(running)).then((value) => {
    line.close();
    if (seam.sewn) return value;
    note(digest, value);
    const fault = faultOf(digest);
    if (fault) throw fault;
    return value;
  });
  const settled = Promise.race([seam.broken, rest.then(() => digest.settlement())]);
  rest.catch(() => line.close());
  return attempted({ value: rest, served: () => seam.served }, { settled });
}

/** The model as one that is gone on with when its stream breaks; absent where the policy or the model does not have it. */
function mendable<T>(
  { chat, asked, call, within, execution }: Watching<T>,
  { made, spy, line, seam }: { made: Ready; spy: TokenSpy; line: Line; seam: Seam },
): BaseChatModel | undefined {
  if (chat.policy.settings.afterContent !== "continue") return undefined;
  const rest =
    <Chunk>(job: StreamJob<Chunk>): Rest<Chunk> =>
    (written, error) => {
      // What nobody has seen may begin anew.
      const next = spy.emitted && !call.signal?.aborted ? job.goOn?.(written) : undefined;
      if (!next) return undefined;
      line.close();
      seam.sew(error);
      return goOn(next, { execution: execution(), error, written });
    };
  const own: Within = {
    ...within,
    silent: true,
    messageId: () => spy.messageId,
    onServed: (executed) => {
      seam.served = executed;
    },
  };
  return mending(made.model, {
    line,
    digest: made.digest,
    restOfChunks: rest(chunkJob(chat, asked, own)),
    restOfEvents: rest(eventJob(chat, asked, own)),
  });
}
