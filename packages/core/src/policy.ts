// `createPolicy`: checks options once, owns what calls share, and hands out the one object that serves them.
import { type Clock, systemClock } from "./clock.ts";
import { type PolicyEvent } from "./events.ts";
import { execute } from "./execute.ts";
import { type CallOptions, type PolicyOptions } from "./options.ts";
import { type Call, type Executed } from "./outcome.ts";
import { PolicyEngine } from "./policy-engine.ts";
import { checkOptions, type Settings } from "./settings.ts";
import { Shared } from "./shared.ts";
import { type PolicyStatus, statusOf } from "./status.ts";

/** One policy: how calls are carried, and what they share. */
export interface Policy {
  /**
   * Carries one call: makes attempts, waits and goes on to other targets until there is an answer.
   * @throws GaveUpError when there is none; the caller's own `signal.reason` when it aborted; TypeError for options that cannot be
   */
  execute<T>(call: Call<T>, options?: CallOptions): Promise<Executed<T>>;
  /** A policy with other options on the same board: what one learns, the other knows. */
  with(options: PolicyOptions): Policy;
  /** What is closed, what quotas are known and who waits, for a person. */
  status(): PolicyStatus;
  /** Closes a scope by hand (as `status` names it) for `ms`. @default one hour */
  close(scope: string, ms?: number): void;
  /** Opens a scope by hand. */
  open(scope: string): void;
  /** Saves to the store what is to outlive the process, now. */
  flush(): Promise<void>;
  /** Listens to every event; answers the function that ends it. */
  on(listener: (event: PolicyEvent) => void): () => void;
  /** Takes the keys that the policy knows out of a text or an error; hands it on as it came when it carries none. */
  redact<T>(value: T): T;
  /** The options with every default filled in. */
  readonly settings: Settings;
  readonly clock: Clock;
}

/** What a policy is given besides its options. */
export interface PolicyEnvironment {
  /** @default the runtime's */
  clock?: Clock;
}

/**
 * Makes a policy. Without options it serves one key and one model.
 * @throws TypeError that names the option, its value and the remedy
 */
export function createPolicy(
  options: PolicyOptions = {},
  { clock = systemClock }: PolicyEnvironment = {},
): Policy {
  return policyOn(new Shared(clock), options);
}

function policyOn(shared: Shared, options: PolicyOptions): Policy {
  const settings = checkOptions(options);
  const engine = new PolicyEngine(shared, settings);
  // Its listener listens to the whole board already; inherited, it would hear everything twice.
  const { onEvent: _, ...inherited } = options;
  return {
    settings,
    clock: shared.clock,
    execute<T>(call: Call<T>, callOptions: CallOptions = {}): Promise<Executed<T>> {
      const { keeper } = shared;
      if (keeper && !keeper.ready)
        return keeper.loaded.then(() => execute(engine, call, callOptions));
      return execute(engine, call, callOptions);
    },
    flush: async () => shared.keeper?.flush(),
    with: (more) => policyOn(shared, { ...inherited, ...more }),
    status: () => statusOf(shared),
    close(scope, ms = 3_600_000) {
      const message = "closed by hand";
      shared.board.close(
        { scope, kind: "unknown", sure: "stated", delay: ms, probe: false, message },
        shared.moment(),
      );
    },
    open: (scope) => shared.board.open(scope),
    on: (listener) => shared.listen(listener),
    redact: (value) => shared.redact(value),
  };
}
