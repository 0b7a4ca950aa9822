// The closed scopes of a policy and what else its calls share. Every call, adapter and derived policy of one policy
// reads and teaches the same board.
import { type EventDraft } from "../events.ts";
import { type FailureKind } from "../failure.ts";
import { type Permit } from "../permit.ts";
import { type PlannedTarget } from "../target.ts";
import {
  beginAnew,
  type BreakerOptions,
  type Evidence,
  isFailing,
  lately,
  noEvidence,
  odds,
  tooMany,
  witness,
} from "./breaker.ts";
import { type Budget, type BudgetOptions, fullBudget } from "./budget.ts";
import {
  type Closing,
  type Closure,
  closed,
  enter,
  heldAt,
  isTested,
  lapsed,
  leftEarlier,
  opensAt,
  passed,
} from "./closures.ts";
import { Domains } from "./domains.ts";
import { type Domain, isOut, type Need, opening, type QuotaWindow } from "./quota.ts";
import { mostScopes, trim } from "./trim.ts";

/** A moment on both clocks. */
export interface Moment {
  now: number;
  wall: number;
}

/** What a call needs to know of a target before it takes it. */
export interface Opening {
  /** Monotonic ms; not after now: open. `Infinity`: not before something happens, or never. */
  at: number;
  /** What keeps it closed, in words. */
  why: string;
  /** Whether something that happens may open it earlier (a probe's verdict, a call that ends). */
  eventful: boolean;
  /** Whether it then opens for one call alone, and nobody knows what that one will find. */
  probed: boolean;
}

const open: Opening = { at: -Infinity, why: "", eventful: false, probed: false };

/** The part of a quota's scope that follows its domain. */
type QuotaPart = "minute" | "day" | "zero";
const quotaParts: readonly QuotaPart[] = ["minute", "day", "zero"];

/** What a call saw of a scope. */
interface Witnessed {
  scope: string;
  call: number;
  sentAt: number;
  failed: boolean;
  kind: FailureKind;
  message: string;
  /** Where the attempt counted. */
  domain?: Domain;
  /** The closed scopes that the attempt had entered. */
  entered?: readonly Closure[] | undefined;
}

/** What calls share. */
export class Board {
  readonly closures: Map<string, Closure> = new Map();
  readonly domains: Domains = new Domains();
  readonly evidence: Map<string, Evidence> = new Map();
  readonly budgets: Map<string, Budget> = new Map();
  /** When the network last failed towards an endpoint that has not answered since. */
  readonly networkTrouble: Map<string, number> = new Map();
  /** Wakes the calls that wait, when something may have opened. */
  onOpening: () => void = () => {};
  /** Whether calls wait. */
  isPressed: () => boolean = () => false;
  /** Told of what changes on the board. */
  emit: (event: EventDraft) => void = () => {};

  /** When the scopes of a target let a call in. */
  opening(target: PlannedTarget, domain: Domain, moment: Moment): Opening {
    if (!this.closures.size) return open;
    let latest = open;
    const look = (key: string): void => {
      const closure = this.closures.get(key);
      if (!closure) return;
      const at = opensAt(closure, moment.now);
      if (at <= moment.now || at <= latest.at) return;
      const eventful = closure.lease > moment.now || closure.flow !== undefined;
      const why = `${key} is closed (${closure.kind})`;
      latest = { at, why, eventful, probed: closure.probe };
    };
    for (const key of target.keys) look(key);
    for (const name of quotaParts) look(`${domain.key} ${name}`);
    return latest;
  }

  /** The closed scopes that concern a target. */
  closuresOf(target: PlannedTarget, domain: Domain): Closure[] {
    const keys = [...target.keys, ...quotaParts.map((name) => `${domain.key} ${name}`)];
    return keys.flatMap((key) => this.closures.get(key) ?? []);
  }

  /** Enters the closed scopes of a target that are due; answers those that await the outcome. */
  enter(target: PlannedTarget, domain: Domain, { now }: Moment): Closure[] | undefined {
    if (!this.closures.size) return undefined;
    let entered: Closure[] | undefined;
    for (const closure of this.closuresOf(target, domain)) {
      const begins = !closure.flow && closure.lease === 0;
      if (!enter(closure, now)) continue;
      (entered ??= []).push(closure);
      if (!begins) continue;
      this.emit({ type: "probe-start", scope: closure.scope });
      if (closure.sure === "suspected") this.#breaker(closure.scope, "half-open");
    }
    return entered;
  }

  /** Closes a scope, or closes it longer. */
  close(closing: Closing, { now }: Moment): void {
    const before = this.closures.get(closing.scope);
    const after = closed(before, closing, now);
    this.closures.set(closing.scope, after);
    if (this.closures.size > mostScopes) this.prune(now);
    const { scope, kind, sure, until } = after;
    if (before && before.until === until && before.kind === kind) return;
    this.emit({ type: "scope-close", scope, kind, sure, opensIn: Math.max(0, until - now) });
  }

  /** Lets no more calls into a scope at once than are under way there. */
  hold(scope: string, about: { message: string; held: number; model: string }, now: number): void {
    if (this.closures.has(scope)) return;
    let running = 0;
    for (const domain of this.domains.all.values())
      if (domain.model === about.model) running += domain.flying;
    this.closures.set(scope, heldAt({ scope, ...about }, running, now));
    const kind = "capacity-exhausted";
    this.emit({ type: "scope-close", scope, kind, sure: "suspected", opensIn: 0 });
    this.#breaker(scope, "half-open");
  }

  /** An attempt has ended: those of a held scope that did not enter it make room too. */
  leftEarlier({ target, reservation, entered }: Permit): void {
    for (const key of target.keys) {
      const closure = this.closures.get(key);
      if (!closure || entered?.includes(closure)) continue;
      if (leftEarlier(closure, reservation.at)) this.onOpening();
    }
  }

  /** Opens a scope again. */
  open(scope: string): void {
    const closure = this.closures.get(scope);
    if (!closure) return;
    this.closures.delete(scope);
    this.#beginAnew(scope);
    this.emit({ type: "scope-open", scope, kind: closure.kind });
    if (closure.sure === "suspected") this.#breaker(scope, "closed");
    this.onOpening();
  }

  /** A call was answered: what it tested opens, at once or by and by. */
  passed(entered: readonly Closure[], duration: number, { typical }: Domain): void {
    for (const closure of entered) {
      const over = passed(closure, { duration, usual: typical, pressed: this.isPressed() });
      // A closure that was replaced meanwhile knows better.
      if (this.closures.get(closure.scope) !== closure) continue;
      if (over) this.open(closure.scope);
      else this.#beginAnew(closure.scope);
    }
    this.onOpening();
  }

  /** Forgets closures of a target that were over anyway: an answer proves them wrong. */
  refute(target: PlannedTarget, domain: Domain, { now }: Moment): void {
    for (const closure of this.closuresOf(target, domain))
      if (opensAt(closure, now) <= now && !closure.flow) this.open(closure.scope);
  }

  /** A call that entered failed, or ended without a verdict. */
  lapsed(entered: readonly Closure[], failed: boolean): void {
    for (const closure of entered) lapsed(closure, failed);
    this.onOpening();
  }

  /** A call saw a scope fail or succeed; closes it for all once the evidence is enough. */
  witness(
    verdict: Witnessed,
    options: BreakerOptions,
    { moment, random }: { moment: Moment; random: number },
  ): void {
    const { scope, call, sentAt, failed, entered, domain } = verdict;
    const { now } = moment;
    const evidence = this.evidence.get(scope) ?? noEvidence();
    if (failed) this.evidence.set(scope, evidence);
    witness(evidence, { call, sentAt, failed, at: now }, options);
    if (!failed) return;
    if (this.evidence.size > mostScopes) this.prune(now);
    const before = this.closures.get(scope);
    // While one call tests the scope, only that call's failure is news: the others were sent before it closed.
    const tested = before !== undefined && isTested(before);
    const isBad = tested
      ? isRefuted(before, entered)
      : isFailing(evidence, now, options) && !hasSurvivors(evidence, domain, now);
    if (!isBad) return;
    // What fails between answers while it is tested is chance again.
    if (!tested) evidence.closed = true;
    this.#suspect(verdict, { ...cooldownOf(options, random), evidence, moment });
    if (!before || tested) this.#breaker(scope, "open");
  }

  /** Closes a scope for all until one call has tested it. */
  #suspect(
    { scope, kind, message }: Witnessed,
    { evidence, moment, ...times }: Cooldown & { evidence: Evidence; moment: Moment },
  ): void {
    const tolerance = tooMany(evidence, odds.testing);
    const closing = { scope, kind, sure: "suspected", probe: true, message, tolerance } as const;
    this.close({ ...closing, ...times }, moment);
  }

  #beginAnew(scope: string): void {
    const evidence = this.evidence.get(scope);
    if (evidence) beginAnew(evidence);
  }

  /** How others fared at a scope lately. */
  lately(scope: string, now: number, options: BreakerOptions): ReturnType<typeof lately> {
    return lately(this.evidence.get(scope), now, options);
  }

  /** The retry budget of an upstream × model. */
  budget(scope: string, options: BudgetOptions): Budget {
    let budget = this.budgets.get(scope);
    if (!budget) {
      this.budgets.set(scope, (budget = fullBudget(options)));
      trim(this.budgets);
    }
    return budget;
  }

  /** Forgets what is long over, so that nothing grows without bound. */
  prune(now: number): void {
    for (const [scope, closure] of this.closures)
      if (Math.min(closure.until, closure.reopens) + 3_600_000 < now) this.closures.delete(scope);
    trim(this.closures);
    trim(this.evidence);
  }

  #breaker(scope: string, state: "open" | "half-open" | "closed"): void {
    this.emit({ type: "breaker-change", scope, state });
  }
}

/** Whether a domain takes what a call needs, as an opening. */
export function quotaOpening(
  board: Board,
  domain: Domain,
  asked: { need: Need; moment: Moment; window: QuotaWindow },
): Opening {
  const { now } = asked.moment;
  const at = Math.max(opening(domain, asked.need, asked), board.domains.turn(domain, now));
  if (at <= now) return open;
  return { at, why: `${domain.key} is used up for now`, eventful: false, probed: false };
}

/** Whether attempts sent since the row began have outlived those that failed: they are about to be answered. */
const hasSurvivors = (
  { sentAt, slowest }: Evidence,
  domain: Domain | undefined,
  now: number,
): boolean => domain !== undefined && isOut(domain, sentAt, now - slowest);

/** Whether the failure of a call that tests a scope is one too many. */
const isRefuted = (tested: Closure, entered: readonly Closure[] | undefined): boolean =>
  entered?.includes(tested) === true && tested.missed + 1 >= tested.tolerance;

type Cooldown = Pick<Closing, "delay" | "doubling">;

/** How long a scope stays closed on suspicion: not quite as long for everybody, and longer each time. */
function cooldownOf(
  { cooldown = 5_000, maxCooldown = 15_000 }: BreakerOptions,
  random: number,
): Cooldown {
  const delay = cooldown * (0.8 + 0.4 * random);
  return { delay, doubling: { floor: cooldown, cap: maxCooldown } };
}
