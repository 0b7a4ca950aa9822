import { checkCandidates } from "./check-call.ts";
import { type CallOptions } from "./options.ts";
import { type Plan, planFor } from "./plan.ts";
import { type Settings } from "./settings.ts";

/** Plans that are kept; models and pins that applications use are few. */
const most = 500;
/** What a name stands for changes at dates, so plans are made anew every hour. */
const lifetime = 3_600_000;

interface PlannedList {
  copy: readonly unknown[];
  plan: Plan;
}

/** The plans of a policy, made once for all calls that ask for the same. */
export class Plans {
  readonly #settings: Settings;
  readonly #plans: Map<string, Plan> = new Map();
  #lists = new WeakMap<object, PlannedList>();
  #madeAt = -Infinity;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The plan of a call; `wall` is in ms since the epoch. */
  for(options: CallOptions, wall: number): Plan {
    if (wall - this.#madeAt > lifetime || this.#plans.size >= most) {
      this.#plans.clear();
      this.#lists = new WeakMap();
      this.#madeAt = wall;
    }
    const { candidates, account, model, sameModel } = options;
    // An adapter's model brings the same list with every call.
    if (candidates && account === undefined && model === undefined && !sameModel)
      return this.#ofList(candidates, options, wall);
    const key = keyOf(options);
    let plan = this.#plans.get(key);
    if (!plan) {
      plan = this.#make(options, wall);
      this.#plans.set(key, plan);
    }
    return plan;
  }

  #ofList(list: readonly unknown[], options: CallOptions, wall: number): Plan {
    const found = this.#lists.get(list);
    // The list is the application's own, and may have changed since.
    if (found?.copy.length === list.length && found.copy.every((one, nth) => one === list[nth]))
      return found.plan;
    const plan = this.#make(options, wall);
    this.#lists.set(list, { copy: [...list], plan });
    return plan;
  }

  #make(options: CallOptions, wall: number): Plan {
    checkCandidates(options);
    return planFor(this.#settings, options, wall);
  }
}

function keyOf({ model = "", candidates, account, sameModel = false }: CallOptions): string {
  // Most calls name a model and nothing else.
  if (!candidates && account === undefined && !sameModel) return model;
  const own = candidates?.map((one) =>
    typeof one === "string" ? one : `${one.provider}/${one.account}/${one.model}`,
  );
  return `${model}\n${account ?? ""}\n${sameModel}\n${own?.join("\n") ?? ""}`;
}
