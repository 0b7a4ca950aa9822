// The quota domains of a board: which one a target's requests count in, and what one domain tells of another.
import { type Limits, type PlannedTarget } from "../target.ts";
import { absorb, giveBack } from "./absorb.ts";
import {
  areApart,
  coincide,
  confirm,
  merge,
  part,
  type Projects,
  type Refusal,
  rootOf,
  separateProjects,
} from "./projects.ts";
import { type Domain, freshDomain, windowOf } from "./quota.ts";
import { Trials } from "./trials.ts";
import { mostScopes, trim } from "./trim.ts";

/** What accounts without a project name begin with. */
const unnamed = "of ";

/** An account whose first call is under way, so that others of its sort wait for its verdict. */
interface FirstCall {
  key: string;
  until: number;
}

/** How long a refusal may take, in ms. */
const verdictTime = 400;

/** All quota domains of a board. */
export class Domains {
  readonly all: Map<string, Domain> = new Map();
  readonly projects: Projects = separateProjects();
  /** Limits that refusals named, by model and tier: what to expect of an account nobody has tried. */
  readonly #expected: Map<string, number> = new Map();
  readonly #firstCalls: Map<string, FirstCall> = new Map();
  /** Calls that show whether accounts that count as one project are one. */
  readonly #trials: Trials = new Trials();

  /** The domain that a target's requests count in. */
  of(target: PlannedTarget, now: number): Domain {
    const { project, resolved } = target;
    const { same, suspected } = this.projects;
    let domain = this.#domain(target, same.size ? rootOf(this.projects, project, now) : project);
    const suspicion = suspected.size ? suspected.get(resolved) : undefined;
    if (
      suspicion &&
      suspicion.until > now &&
      domain.cautious &&
      isUnnamed(domain) &&
      suspicion.root !== project
    )
      domain = this.#domain(target, suspicion.root);
    return this.#trials.wanted ? this.#trials.domainFor(domain, target, now) : domain;
  }

  #domain(target: PlannedTarget, project: string): Domain {
    const key = project === target.project ? target.quota : `quota:${project} ${target.resolved}`;
    const found = this.all.get(key);
    if (found) return told(found, target);
    const domain = freshDomain(
      { key, project, model: target.resolved, tier: target.tier ?? "" },
      target.limits ?? {},
    );
    domain.alone = !(target.pooled && isUnnamed(domain));
    domain.cautious = target.pooled;
    domain.first = !domain.alone && !this.#siblings(domain).length;
    domain.expected = this.#expected.get(`${domain.model} ${domain.tier}`);
    if (this.all.size >= mostScopes) this.#forget();
    this.all.set(key, domain);
    return domain;
  }

  /** Drops the domains that were not used for longest, a fifth at once, so that it is seldom. */
  #forget(): void {
    const byUse = [...this.all.values()].toSorted((one, other) => one.lastSent - other.lastSent);
    for (const { key } of byUse.slice(0, mostScopes / 5)) this.all.delete(key);
    trim(this.#expected);
    trim(this.#firstCalls);
    for (const names of [this.projects.same, this.projects.apart, this.projects.suspected])
      trim(names);
  }

  /** The other accounts' domains that may be of the same project. */
  #siblings({ model, key }: Domain): Domain[] {
    return [...this.all.values()].filter(
      (other) => other.model === model && other.key !== key && isUnnamed(other),
    );
  }

  /** When an account that nobody has tried may have its turn: one after the other where they may share a quota. */
  turn(domain: Domain, now: number): number {
    if (!domain.cautious || !isUnnamed(domain)) return now;
    const trial = this.#firstCalls.get(domain.model);
    return trial && trial.key !== domain.key && trial.until > now ? trial.until : now;
  }

  /** A call was sent into the domain. */
  sent(domain: Domain, now: number): void {
    this.#trials.sent(domain);
    if (!domain.cautious || !isUnnamed(domain)) return;
    const siblings = this.#siblings(domain);
    if (siblings.length)
      this.#firstCalls.set(domain.model, { key: domain.key, until: now + verdictTime });
    for (const other of siblings) if (other.first && other.cautious) other.beside += 1;
  }

  /** A call was answered: the domain has shown itself, unless what it took may still be another's. */
  proved(domain: Domain): void {
    this.verdict(domain);
    if (!domain.cautious) return;
    const limit = domain.limits.rpm ?? domain.expected;
    let sent = 0;
    for (const other of this.all.values())
      if (other.model === domain.model && isUnnamed(other)) sent += other.requests;
    domain.cautious = !domain.alone && limit !== undefined && sent <= limit;
  }

  /** A call was answered, or refused: the trial has its verdict. */
  verdict(domain: Domain): void {
    if (this.#firstCalls.get(domain.model)?.key === domain.key)
      this.#firstCalls.delete(domain.model);
  }

  /** A refusal named a limit: accounts of the same sort that nobody has tried will have it too. */
  expect({ model, tier }: Domain, limit: number): void {
    this.#expected.set(`${model} ${tier}`, limit);
    for (const other of this.all.values())
      if (other.model === model && other.tier === tier) other.expected ??= limit;
  }

  /**
   * A quota refused an account that had not used it up: finds the account whose requests explain it, and counts both
   * as one project from then on.
   */
  explain(own: Domain, refusal: Refusal): Domain | undefined {
    if (!isUnnamed(own) || own.alone) return undefined;
    for (const other of this.all.values()) {
      if (other === own || other.alone || other.model !== own.model) continue;
      if (areApart(this.projects, [own.project, other.project], refusal.now)) continue;
      if (!coincide(own, other, refusal)) continue;
      merge(this.projects, [own, other], refusal);
      absorb(other, own);
      return other;
    }
    return undefined;
  }

  /** An account was refused: where it counts under the project of others, one of those is asked meanwhile. */
  doubt(target: PlannedTarget, { limit, now, retryAfter }: Refusal): void {
    const { project: refused } = target;
    if (!this.projects.same.size || retryAfter === undefined) return;
    const root = this.#domain(target, rootOf(this.projects, refused, now));
    const merged = [...this.projects.same].some(
      ([project, { root: of, until }]) => of === root.project && project !== of && until > now,
    );
    if (merged) this.#trials.want({ root, refused, limit, now, retryAfter });
  }

  /** A trial was refused as well: the domain that both count in. Any other domain stands for itself. */
  shownSame(domain: Domain, refusal: Refusal): Domain {
    const trial = this.#trials.verdict(domain);
    if (!trial) return domain;
    const { asked, refused, root } = trial;
    for (const project of [asked, refused]) confirm(this.projects, project, refusal);
    return root;
  }

  /**
   * A trial was answered, while another account was refused: they are of two projects, and count so from now on.
   * Answers how both are called; nothing for a call that was no trial.
   */
  shownApart(
    domain: Domain,
    moment: { now: number; length: number },
  ): [string, string] | undefined {
    const trial = this.#trials.verdict(domain);
    if (!trial) return undefined;
    const { asked, refused, root } = trial;
    const leaving = refused === root.project ? asked : refused;
    if (!this.projects.same.has(leaving)) return undefined;
    part(this.projects, [leaving, root.project], moment);
    giveBack(root, this.#own(leaving, root));
    return [nameOf(asked), nameOf(refused)];
  }

  #own(project: string, { model, tier }: Domain): Domain {
    const key = `quota:${project} ${model}`;
    const own = this.all.get(key) ?? freshDomain({ key, project, model, tier }, {});
    own.cautious = false;
    this.all.set(key, own);
    return own;
  }
}

const isSame = (one: Limits, other: Limits): boolean =>
  one.rpm === other.rpm &&
  one.tpm === other.tpm &&
  one.rpd === other.rpd &&
  one.window === other.window;

/** A policy derived later may be told other limits. */
function told(domain: Domain, { limits }: PlannedTarget): Domain {
  if (limits && !isSame(domain.told, limits)) {
    if (limits.window !== domain.told.window) domain.fixed = windowOf(limits);
    domain.told = limits;
    domain.limits = { ...domain.limits, ...limits };
  }
  return domain;
}

const isUnnamed = ({ project }: Domain): boolean => project.startsWith(unnamed);

/** How a project is called where people read it. */
export const projectName = ({ project }: Domain): string => nameOf(project);

const nameOf = (project: string): string =>
  project.startsWith(unnamed) ? project.slice(unnamed.length) : project;
