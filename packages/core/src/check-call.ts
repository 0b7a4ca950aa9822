// What one call may say: looked at before anything is sent, so that a slip of the pen is not taken for silence.
import {
  anything,
  type Check,
  flag,
  list,
  number,
  object,
  such,
  text,
  unknownName,
} from "./check.ts";
import { type CallOptions } from "./options.ts";
import { type Candidate } from "./target.ts";

const candidate = object(
  { model: text, provider: text, account: text } satisfies Record<keyof Candidate, Check>,
  ["model"],
);

const isName: Check = (value, field) =>
  (typeof value === "string" ? text : candidate)(value, field);
const remedy = "give a list of model names, or of objects with a model";

/** Checks what can serve a call; apart from the rest, since the same list comes with many calls and has one plan. @throws TypeError */
export function checkCandidates({ candidates }: CallOptions): void {
  if (candidates) list(isName, remedy)(candidates, "the call's candidates");
}

const signal = such(
  (value) => typeof value === "object" && value !== null && "aborted" in value,
  "give an AbortSignal",
);

/** What each option of a call may be; for adapters, which let their users say some of them. */
export const callChecks: Readonly<Record<keyof CallOptions, Check>> = {
  model: text,
  candidates: such(Array.isArray, remedy),
  sameModel: flag,
  signal,
  deadline: number(0),
  patience: number(0),
  attemptTimeout: number(0),
  streaming: flag,
  priority: number(-Infinity),
  affinity: such((value) => typeof value === "string", "give a text"),
  account: text,
  tokens: number(0),
  requests: number(0),
  input: anything,
  findings: list(anything, "give a list of findings"),
  unsafe: flag,
};

const names = Object.keys(callChecks);

interface Look {
  readonly check: Check;
  readonly field: string;
  /** The type whose usual values need no closer look: most calls say just those, and calls are many. */
  readonly plain: string | undefined;
}

const plain: Partial<Record<string, string>> = {
  sameModel: "boolean",
  deadline: "number",
  patience: "number",
  attemptTimeout: "number",
  streaming: "boolean",
  affinity: "string",
  tokens: "number",
  requests: "number",
  unsafe: "boolean",
};

const isUsual = (value: unknown): boolean =>
  typeof value !== "number" || (value >= 1 && value < Infinity);

/** By name, what to look for and what to call it; made once and without a prototype, since it is read for every call. */
const looks = Object.assign(
  Object.create(null) as Record<string, Look | undefined>,
  Object.fromEntries(
    Object.entries(callChecks).map(([name, check]) => [
      name,
      { check, field: `the call's ${name}`, plain: plain[name] },
    ]),
  ),
);

/** Checks what a call says. @throws TypeError that names the option, its value and the remedy */
export function checkCall(options: CallOptions): void {
  for (const name in options) {
    const look = looks[name];
    if (!look) throw unknownName(`the call's ${name}`, name, { names, what: "option" });
    const value = options[name as keyof CallOptions];
    if (value === undefined || (typeof value === look.plain && isUsual(value))) continue;
    if (look.check !== anything) look.check(value, look.field);
  }
}
