import { type Policy, type PolicyEvent } from "@holdfast/core";

import { createMemory, type Scene } from "./memory.ts";
import { duration, isNarrow, paint, type Paint, print } from "./print.ts";
import { whatCameBack, whatIsClosed, whatWasDecided, whyNotAsked } from "./words.ts";

/** What the calls of one framework came to. */
export interface Tally {
  attempts: number;
  /** Requests that were not sent, since an earlier call had found their target closed. */
  saved: number;
  /** Those of them that the other framework had found out. */
  savedByOther: number;
}

/** Tells a policy's events as they happen. */
export interface Timeline {
  /** Says which scene the events from now on belong to. */
  begin(scene: Scene): Tally;
  end(): void;
}

/** Events that nobody tells of say nothing that a line above them has not said. */
type Tellers = {
  [Type in PolicyEvent["type"]]?: (event: Extract<PolicyEvent, { type: Type }>) => void;
};

interface Line {
  at: number;
  what?: string;
  text: string;
  colour?: Paint;
}

/** How wide the targets are; in a narrow terminal they stand in the text. */
const column = isNarrow ? 0 : 28;
/** A shorter wait is no wait to a reader. */
const shortest = 20;

function note(mark: string, text: string, colour = paint.plain): void {
  print(`${" ".repeat(14 + column)}${mark} `, text, colour);
}

/** Listens to a policy and prints what its calls go through. */
export function timelineOf(policy: Policy): Timeline {
  const memory = createMemory();
  let scene: Scene = { number: 0, framework: "AI SDK" };
  let tally: Tally = { attempts: 0, saved: 0, savedByOther: 0 };
  let startedAt = 0;
  let target = "";
  let unasked: string[] = [];
  const closed: string[] = [];

  const tell = ({ at, what = "", text, colour = paint.plain }: Line): void => {
    const time = duration(at - startedAt).padStart(12);
    if (isNarrow) print(`${time}  `, what ? `${what} ${text}` : text, colour);
    else print(`${time}  ${what.padEnd(column)}`, text, colour);
  };

  const skip = (at: number, next: string): void => {
    const place = unasked.indexOf(next);
    if (place < 0) return;
    for (const name of unasked.splice(0, place + 1).slice(0, -1)) {
      const lesson = memory.recall(name, at, scene);
      if (!lesson) continue;
      tally.saved += 1;
      const other = lesson.framework !== scene.framework;
      if (other) tally.savedByOther += 1;
      const who = `call ${lesson.scene}, ${lesson.framework}`;
      const text = `not asked: ${whyNotAsked(lesson.kind)} (${who})`;
      tell({ at, what: name, text, colour: paint.known });
    }
  };

  const tellers: Tellers = {
    "call-start": ({ at, targets }) => {
      startedAt = at;
      unasked = [...targets];
    },
    "attempt-start": ({ at, attemptAtTarget, ...event }) => {
      skip(at, event.target);
      ({ target } = event);
      tally.attempts += 1;
      tell({ at, what: target, text: attemptAtTarget > 1 ? "asked again" : "asked" });
    },
    // Comes before the attempt's end; a reader wants to hear first what came back.
    "scope-close": (event) => {
      memory.learn(event, target, scene);
      closed.push(whatIsClosed(event));
    },
    "attempt-end": ({ at, failure, duration: took }) => {
      const text = failure
        ? `✗ ${whatCameBack(failure, policy.settings.models)}`
        : `✓ answers after ${duration(took)}`;
      tell({ at, text, colour: failure ? paint.bad : paint.good });
      for (const lesson of closed.splice(0)) note("⊘", lesson, paint.known);
    },
    decision: (event) => note("→", whatWasDecided(event)),
    "wait-start": ({ at, delay }) => {
      if (delay >= shortest) tell({ at, text: `waits ${duration(delay)}`, colour: paint.quiet });
    },
    warning: ({ message }) => note("!", message, paint.quiet),
  };
  const stop = policy.on((event) => {
    const teller = tellers[event.type] as ((event: PolicyEvent) => void) | undefined;
    teller?.(event);
  });

  return {
    begin(next) {
      scene = next;
      tally = { attempts: 0, saved: 0, savedByOther: 0 };
      return tally;
    },
    end: stop,
  };
}
