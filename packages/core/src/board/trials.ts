// Whether accounts that count as one project really are one: while one of them is refused, another one is asked once.
// What a quota refuses to one account of a project, it refuses to all; an answer shows that they are of two.
import { type PlannedTarget } from "../target.ts";
import { absorb } from "./absorb.ts";
import { type Domain, freshDomain } from "./quota.ts";

/** A refusal of an account that counts under the project of others. */
export interface Doubted {
  /** The domain they count in. */
  root: Domain;
  /** The project, as it was before it was merged, whose account was refused. */
  refused: string;
  limit: number;
  now: number;
  /** Ms until the refused quota opens again. */
  retryAfter: number;
}

/** A trial that was sent. */
export interface Trial extends Doubted {
  /** The project, as it was before it was merged, whose account was asked meanwhile. */
  asked: string;
}

/** Only in the first part of a refused time is an answer proof, since clocks and hints are not exact. */
const certain = 0.5;
/** A quota that opens sooner than this, in ms, leaves no time to find out. */
const least = 4_000;

/** The trials of a board: at most one at a time in a domain. */
export class Trials {
  readonly #wanted: Map<string, Doubted> = new Map();
  readonly #trials: WeakMap<Domain, Trial> = new WeakMap();

  /** Whether there is any use in asking for a domain to try. */
  get wanted(): boolean {
    return this.#wanted.size > 0;
  }

  /** The next call of another account is to show whether it is of the same project. */
  want(doubted: Doubted): void {
    if (doubted.retryAfter >= least) this.#wanted.set(doubted.root.key, doubted);
  }

  /** A domain for one call beside the one it counts in, where that call would show something. */
  domainFor(root: Domain, { project: asked, resolved }: PlannedTarget, now: number): Domain {
    const doubted = this.#wanted.get(root.key);
    if (!doubted) return root;
    if (now > doubted.now + doubted.retryAfter * certain) {
      this.#wanted.delete(root.key);
      return root;
    }
    if (asked === doubted.refused || !hasRoom(doubted, asked)) return root;
    const key = `${root.key} asked by ${asked}`;
    const domain = freshDomain({ key, project: asked, model: resolved, tier: root.tier }, {});
    this.#trials.set(domain, { ...doubted, asked });
    return domain;
  }

  /** A call was sent into a domain. */
  sent(domain: Domain): void {
    const trial = this.#trials.get(domain);
    if (!trial) return;
    this.#wanted.delete(trial.root.key);
    absorb(trial.root, domain);
  }

  /** The trial that a call in this domain was, if it was one: it has its verdict. */
  verdict(domain: Domain): Trial | undefined {
    return this.#trials.get(domain);
  }
}

/** Whether an account would be let in by a quota of its own; else a refusal of it would show nothing. */
function hasRoom({ root, limit }: Doubted, asked: string): boolean {
  let sent = 0;
  for (let index = root.head; index < root.log.length; index += 1) {
    const entry = root.log[index];
    if (entry && (entry.from ?? root.project) === asked) sent += entry.requests;
  }
  return sent < limit;
}
