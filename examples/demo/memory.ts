import { type FailureKind, type PolicyEvent } from "@holdfast/core";

import { type Framework } from "./story.ts";

/** A closed scope, and who found out. */
interface Lesson {
  kind: FailureKind;
  /** `account`, `quota`, `model`, … */
  scope: string;
  /** The target that refused. */
  target: string;
  until: number;
  scene: number;
  framework: Framework;
}

/** Who is on stage. */
export interface Scene {
  number: number;
  framework: Framework;
}

const modelOf = (target: string): string => target.slice(target.indexOf("/") + 1);
const accountOf = (target: string): string => target.slice(0, target.indexOf("/"));

/** Whether what was learned at one target holds for another. */
function concerns({ scope, target }: Lesson, other: string): boolean {
  if (scope === "quota" || scope === "target") return target === other;
  if (scope === "model" || scope === "upstream-model") return modelOf(target) === modelOf(other);
  return scope === "endpoint" || accountOf(target) === accountOf(other);
}

/** What the calls have learned so far, and which targets of a call they spare it. */
export interface Memory {
  learn(event: PolicyEvent & { type: "scope-close" }, target: string, scene: Scene): void;
  /** Why a target is not asked, when an earlier call found it closed. */
  recall(target: string, at: number, scene: Scene): Lesson | undefined;
}

/** Remembers the events of closing scopes. */
export function createMemory(): Memory {
  const lessons: Lesson[] = [];
  return {
    learn({ scope: key, kind, at, opensIn }, target, { number, framework }) {
      const scope = key.slice(0, key.indexOf(":"));
      lessons.push({ kind, scope, target, until: at + opensIn, scene: number, framework });
    },
    recall: (target, at, { number }) =>
      lessons.findLast(
        (lesson) => lesson.scene < number && lesson.until > at && concerns(lesson, target),
      ),
  };
}
