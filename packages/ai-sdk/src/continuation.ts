// Going on with an answer that another model began: asked to repeat its end, so that the join can be verified.
import { attempted, type AttemptContext, type Attempted, type Target } from "@holdfast/core";

import { attemptOptions } from "./attempt-options.ts";
import {
  type HostLanguageModel,
  type HostMessage,
  type HostOptions,
  type HostStreamPart,
} from "./host-types.ts";
import { type Route } from "./route.ts";
import { emptyAnswer, openHead, type Gate, type StreamHead } from "./stream-head.ts";

/** Characters of the end that the next model repeats. */
const overlap = 80;

const endOf: Readonly<Record<string, string>> = {
  "text-start": "text-end",
  "reasoning-start": "reasoning-end",
  "tool-input-start": "tool-input-end",
};

/** What a stream has handed on so far, as far as going on or ending in order needs it. */
export class Written {
  /** The text of the one text block. */
  text = "";
  /** Blocks that began and have not ended: by id, the type of their end. */
  readonly #open = new Map<string, string>();
  #blocks = 0;
  #textId: string | undefined;
  #more = false;

  /** Notes a part that is no delta. */
  note({ type, id = "" }: HostStreamPart): void {
    const end = endOf[type];
    if (end) this.#open.set(id, end);
    else if (type.endsWith("-end")) this.#open.delete(id);
    if (type === "text-start") {
      this.#blocks += 1;
      this.#textId = id;
    }
    if (type.startsWith("tool-") || type === "file" || type === "custom") this.#more = true;
  }

  /** Adds a delta. */
  add({ type, delta = "" }: HostStreamPart): void {
    if (type === "text-delta") this.text += delta;
  }

  /** Whether what is there is one block of text that has not ended, so that text is all that is missing. */
  get isOpenText(): boolean {
    const { text } = this;
    return (
      text !== "" &&
      !this.#more &&
      this.#blocks === 1 &&
      this.#open.get(this.#textId ?? "") === "text-end"
    );
  }

  /** A part of the model that goes on, as a part of this answer; nothing when it has no place in it. */
  adopt(part: HostStreamPart): HostStreamPart | undefined {
    const { type } = part;
    if (type === "text-delta" || type === "text-end") return { ...part, id: this.#textId ?? "" };
    return type.startsWith("tool-") || type === "source" || type === "file" ? part : undefined;
  }

  /** The ends of all blocks that have not ended. */
  *ends(): Generator<HostStreamPart> {
    for (const [id, type] of this.#open) yield { type, id };
    this.#open.clear();
  }
}

/** Whether the next target could go on from what is written. */
export function canContinue(written: Written): boolean {
  return written.isOpenText;
}

/** Finds where an answer goes on in a text that should begin with the end of it. */
class Join implements Gate {
  readonly #ends: readonly string[];
  #received = "";
  /** What follows the join; `undefined` until it is found. */
  rest: string | undefined;

  constructor(text: string) {
    // A model may also begin from the start: then all of it has to be the same.
    this.#ends = [text.slice(-overlap), text];
  }

  admits({ type, delta = "" }: HostStreamPart): boolean {
    if (type === "tool-call" || type === "tool-input-start")
      throw new Error("The model that should go on calls a tool instead.");
    if (type !== "text-delta") return false;
    this.#received += delta;
    const end = this.#ends.find((candidate) => this.#received.startsWith(candidate));
    if (end !== undefined) {
      this.rest = this.#received.slice(end.length);
      return true;
    }
    if (!this.#ends.some((candidate) => candidate.startsWith(this.#received)))
      throw new Error("The model that should go on does not begin with the end of the answer.");
    return false;
  }

  end(finish: HostStreamPart | undefined): ReturnType<Gate["end"]> {
    return emptyAnswer(finish);
  }
}

function messagesOf({ prompt }: HostOptions): readonly HostMessage[] {
  return typeof prompt === "object" ? prompt : [];
}

function continuedPrompt(prompt: readonly HostMessage[], text: string): readonly HostMessage[] {
  const end = text.slice(-overlap);
  const request =
    "The connection broke and your answer above was cut off. Go on exactly where it stopped. " +
    `Begin by repeating its last characters as they are, which are between the marks: <<<${end}>>> ` +
    "Then write on, without the marks, without any remark, and without repeating anything else.";
  return [
    ...prompt,
    { role: "assistant", content: [{ type: "text", text }] },
    { role: "user", content: [{ type: "text", text: request }] },
  ];
}

/** The attempts that go on with an answer: each is handed on only where it joins. */
export function continuation(
  route: Route<HostLanguageModel>,
  written: Written,
): (target: Target, context: AttemptContext) => Promise<Attempted<StreamHead>> {
  const { text } = written;
  return async (target, context) => {
    const join = new Join(text);
    const own = attemptOptions(route, target, context);
    const opening = {
      route,
      gate: join,
      options: { ...own, prompt: continuedPrompt(messagesOf(own), text) },
    };
    const opened = await openHead(opening, target, context);
    const held: HostStreamPart[] = join.rest
      ? [{ type: "text-delta", id: "", delta: join.rest }]
      : [];
    return attempted({ ...opened.value, held }, opened.about);
  };
}
