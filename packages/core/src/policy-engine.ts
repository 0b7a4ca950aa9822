// The engine of one policy: settings over what is shared.
import { type Moment, type Opening } from "./board/board.ts";
import { canAfford, payIn, spend } from "./board/budget.ts";
import { adapt, type Concurrency, concurrencyAt } from "./board/concurrency.ts";
import { type Domain, type Need, reserve } from "./board/quota.ts";
import { type CallState, none } from "./call-state.ts";
import { checkCall } from "./check-call.ts";
import { classify } from "./classify/classify.ts";
import { type Clock } from "./clock.ts";
import { isClosedModel, openModels } from "./closed-models.ts";
import { diagnose } from "./diagnosis.ts";
import { doubtsAbout } from "./doubts.ts";
import { type Engine } from "./engine.ts";
import { type EventDraft } from "./events.ts";
import { type Failure } from "./failure.ts";
import { percentile, sample } from "./latency.ts";
import { type CallOptions } from "./options.ts";
import { type Permit } from "./permit.ts";
import { pick, type PickContext } from "./pick.ts";
import { Plans } from "./plans.ts";
import { untilHours } from "./schedule.ts";
import { type Settings } from "./settings.ts";
import { type Shared } from "./shared.ts";
import { type Taken } from "./taken.ts";
import { type PlannedTarget } from "./target.ts";

/** On the way to the server requests move closer together; this keeps the next window clear of the last. */
const windowMargin = 250;

/** Carries the calls of one policy. */
export class PolicyEngine implements Engine {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly #shared: Shared;
  readonly #plans: Plans;
  readonly #picking: PickContext;

  constructor(shared: Shared, settings: Settings) {
    this.#shared = shared;
    this.settings = settings;
    this.clock = shared.clock;
    this.#plans = new Plans(settings);
    const restricted = settings.schedules !== undefined || settings.concurrency !== undefined;
    const { quotaWindow: length, order } = settings;
    this.#picking = {
      board: shared.board,
      window: { length, margin: Math.min(windowMargin, length / 100) },
      order,
      extra: restricted ? (target, moment) => this.#extra(target, moment) : undefined,
    };
    for (const { apiKey } of settings.accounts) if (apiKey !== undefined) shared.know(apiKey);
    if (settings.onEvent) shared.listen(settings.onEvent);
    if (settings.store) shared.keep(settings.store);
    for (const [code, message] of doubtsAbout(settings)) shared.warnOnce(code, message);
  }

  get board(): Engine["board"] {
    return this.#shared.board;
  }

  get listening(): boolean {
    return this.#shared.listening;
  }

  moment(): Moment {
    return this.#shared.moment();
  }

  random(): number {
    return this.clock.random();
  }

  emit(event: EventDraft): void {
    this.#shared.emit(event);
  }

  /** The state of a new call. @throws what the caller's signal aborted with, TypeError when nothing can serve the call */
  begin(options: CallOptions): CallState {
    checkCall(options);
    options.signal?.throwIfAborted();
    const shared = this.#shared;
    const { settings } = this;
    const began = this.moment();
    const plan = this.#plans.for(options, began.wall);
    shared.calls += 1;
    const state: CallState = {
      id: shared.calls,
      settings,
      options,
      plan,
      need: needOf(options),
      signal: options.signal,
      began,
      deadlineAt: began.now + (options.deadline ?? settings.deadline),
      yields: false,
      patience: options.patience ?? settings.patience,
      taker: this,
      input: options.input,
      attempts: 0,
      records: none,
      waits: none,
      decisions: none,
      spent: none,
      out: none,
      closed: undefined,
      current: undefined,
      preferred:
        options.affinity === undefined ? undefined : shared.conversations.get(options.affinity),
      reported: undefined,
      last: undefined,
      paid: 0,
    };
    if (shared.listening) {
      const targets = plan.targets.map(({ name }) => name);
      const { streaming = false, sameModel = false } = options;
      shared.emit({
        type: "call-start",
        call: state.id,
        model: plan.model,
        targets,
        ...(streaming ? { streaming } : {}),
        ...(sameModel ? { sameModel } : {}),
      });
    }
    return state;
  }

  enter(state: CallState): Taken {
    // Who has been served before, in part, does not go to the end of the line.
    if (state.attempts) return this.take(state);
    const { room } = this.#shared;
    const { began } = state;
    if (!room.hasWaiting(state)) return this.take(state, began, false);
    const why = "others wait for it already";
    return { action: "wait", until: began.now, why, choosy: false, own: false };
  }

  take(
    state: CallState,
    moment: Moment = this.moment(),
    yields: boolean = this.#shared.room.hasWaiting(state),
  ): Taken {
    state.yields = yields;
    if (moment.now >= state.deadlineAt)
      return { action: "stop", reason: "deadline", why: "the deadline has passed" };
    const picked = pick(state, this.#picking, moment);
    if (picked.action !== "go") return picked;
    return { action: "go", permit: this.#grant(state, picked, moment) };
  }

  #grant(
    state: CallState,
    { target, domain }: { target: PlannedTarget; domain: Domain },
    moment: Moment,
  ): Permit {
    const { concurrency } = this.settings;
    const entered = this.board.enter(target, domain, moment);
    const reservation = reserve(domain, state.need, moment);
    this.board.domains.sent(domain, moment.now);
    this.#shared.keeper?.touch();
    if (concurrency !== undefined) this.#concurrency(target, concurrency).running += 1;
    return {
      target,
      domain,
      reservation,
      entered,
      call: state.id,
      at: moment.now,
      committed: false,
      released: false,
    };
  }

  hedgeDelay(target: PlannedTarget): number | undefined {
    const { hedge } = this.settings;
    const shared = this.#shared;
    if (!hedge || shared.hedges >= shared.calls * (hedge.share ?? 0.05)) return undefined;
    const latency = shared.latencies.get(target.scopes["upstream-model"]);
    return hedge.delay ?? (latency && percentile(latency, 0.95));
  }

  takeHedge(state: CallState, beside: Permit): Permit | undefined {
    const moment = this.moment();
    const out = state.plan.targets.map(
      (target) =>
        state.out[target.index] === true ||
        this.board.domains.of(target, moment.now) === beside.domain,
    );
    const yields = this.#shared.room.hasWaiting(state);
    const picked = pick({ ...state, out, yields, current: undefined }, this.#picking, moment);
    if (picked.action !== "go") return undefined;
    this.#shared.hedges += 1;
    return this.#grant(state, picked, moment);
  }

  clocked(target: PlannedTarget, duration: number): void {
    if (!this.settings.hedge) return;
    sample(this.#shared.latencies, target.scopes["upstream-model"], duration);
  }

  wait(state: CallState, taken: Taken & { action: "wait" }): Promise<Taken | undefined> {
    const { room } = this.#shared;
    if (room.size < this.settings.maxWaiting) return room.wait(state, taken);
    const why = `${room.size} calls wait already, as many as maxWaiting allows`;
    return Promise.resolve({ action: "stop", reason: "too-many-waiting", why });
  }

  #extra(target: PlannedTarget, { now, wall }: Moment): Opening | undefined {
    const { schedules, concurrency } = this.settings;
    if (schedules) {
      const delay = untilHours(schedules, target, wall);
      const why = "its hours have not come";
      if (delay > 0) return { at: now + delay, why, eventful: false, probed: false };
    }
    if (concurrency === undefined) return undefined;
    const { running, limit: learned } = this.#concurrency(target, concurrency);
    // A derived policy may allow another number than the one that made the count.
    const limit = concurrency === "adaptive" ? Math.floor(learned) : concurrency;
    if (running < limit) return undefined;
    const why = `${running} calls are under way there`;
    return { at: Infinity, why, eventful: true, probed: false };
  }

  #concurrency(target: PlannedTarget, setting: number | "adaptive"): Concurrency {
    return concurrencyAt(this.#shared.running, target.scopes["upstream-model"], setting);
  }

  left(target: PlannedTarget, overloaded: boolean | undefined): void {
    const { concurrency } = this.settings;
    if (concurrency === undefined) return;
    const state = this.#concurrency(target, concurrency);
    if (concurrency === "adaptive" && overloaded !== undefined)
      adapt(state, overloaded, this.clock.now());
    state.running -= 1;
    this.#shared.room.poke();
  }

  classify(error: unknown): Failure {
    const failure = this.#ownVerdict(error) ?? classify(error, { now: this.clock.wall() });
    const row = this.settings.catalogue?.[failure.kind];
    const message = this.#shared.redact(failure.message);
    if (!row && message === failure.message) return failure;
    // The original stays reachable, and unprinted.
    const changed = { ...failure, ...(row && pickRow(row)), message };
    return Object.defineProperty(changed, "error", { value: failure.error, enumerable: false });
  }

  /** What the policy's own rule says. One that throws must not take the call's permit with it. */
  #ownVerdict(error: unknown): Failure | undefined {
    try {
      return this.settings.classify?.(error);
    } catch (thrown) {
      this.warnOnce("classify-threw", `the classify option threw: ${String(thrown)}`);
      return undefined;
    }
  }

  redactError(error: unknown): unknown {
    return this.#shared.redact(error);
  }

  diagnose(failure: Failure, targets: readonly PlannedTarget[]): string {
    const { models } = this.settings;
    if (failure.kind !== "model-not-found" || !models || failure.model === undefined)
      return diagnose(failure);
    const { model } = failure;
    const isClosed = (name: string): boolean => isClosedModel(this.board, targets, name);
    const nearest = openModels((closed) => models.nearest?.(model, closed) ?? [], isClosed);
    const successor = models.successor?.(model, this.clock.wall());
    const named = successor === undefined || isClosed(successor) ? {} : { successor };
    return diagnose(failure, { nearest, ...named });
  }

  canPay(scope: string, failure: Failure): boolean {
    const { budget } = this.settings;
    return !budget || canAfford(this.board.budget(scope, budget), isTimeout(failure), budget);
  }

  pay(scope: string, failure: Failure): number {
    const { budget } = this.settings;
    return budget ? spend(this.board.budget(scope, budget), isTimeout(failure), budget) : 0;
  }

  payIn(scope: string, refund: number): void {
    const { budget } = this.settings;
    // A bucket nobody has drawn from is full.
    if (budget && this.board.budgets.has(scope))
      payIn(this.board.budget(scope, budget), refund, budget);
  }

  remember({ options }: CallState, target: PlannedTarget): void {
    if (options.affinity !== undefined) this.#shared.remember(options.affinity, target.name);
  }

  warnOnce(code: string, message: string): void {
    this.#shared.warnOnce(code, message);
  }

  warnOfModel(asked: string, served: string): void {
    const warning = this.settings.models?.served?.(asked, served);
    if (warning !== undefined) this.#shared.warnOnce("other-model-served", warning);
  }
}

const oneRequest: Need = { requests: 1, tokens: 0 };

function needOf({ requests, tokens }: CallOptions): Need {
  if (requests === undefined && tokens === undefined) return oneRequest;
  return { requests: requests ?? 1, tokens: tokens ?? 0 };
}

const isTimeout = ({ kind }: Failure): boolean =>
  kind === "timeout" || kind === "stream-interrupted";

function pickRow(row: Partial<Failure>): Partial<Failure> {
  const { scope, sure, retryable, helps } = row;
  return {
    ...(scope ? { scope } : {}),
    ...(sure ? { sure } : {}),
    ...(retryable === undefined ? {} : { retryable }),
    ...(helps ? { helps } : {}),
  };
}
