// Accounts without a project name are projects of their own, until their refusals show that they share one.
import { type Domain, type QuotaWindow } from "./quota.ts";

/** That a project counts under another one. */
interface Sameness {
  root: string;
  until: number;
  /** How long it is believed: longer each time that it is seen anew. */
  period: number;
}

/** Which projects count as the same one. */
export interface Projects {
  same: Map<string, Sameness>;
  /** Pairs that were shown to be two, until when that is believed. */
  apart: Map<string, number>;
  /** By model: untried accounts are taken for the same project too, until the next one is tried. */
  suspected: Map<string, { root: string; until: number }>;
}

/**
 * How long two accounts count as one project, in windows: at first, and at most; then it takes new evidence, so that a
 * mistake does not last.
 */
const believed = { first: 2, most: 60 };
/** How long two that were shown to be two are not taken for one again, in windows. */
const believedApart = 10;

/** Two windows that end within this many ms of each other are taken for the same window. */
const tolerance = 2_000;

/** No project is known to be another. */
export function separateProjects(): Projects {
  return { same: new Map(), apart: new Map(), suspected: new Map() };
}

/** The project that `project` counts under. */
export function rootOf({ same }: Projects, project: string, now: number): string {
  const found = same.get(project);
  return found && found.until > now ? found.root : project;
}

/** What a refusal said, and when. */
export interface Refusal {
  limit: number;
  retryAfter?: number;
  now: number;
  window: QuotaWindow;
}

/**
 * Whether a refusal of `own`, which sent less than its limit, is explained by what `other` sent: together they
 * reached the limit, and the window that the refusal names is the other's.
 */
export function coincide(
  own: Domain,
  other: Domain,
  { limit, retryAfter, now, window }: Refusal,
): boolean {
  // The refused request itself is in its own log.
  if (own.requests - 1 >= limit || own.requests - 1 + other.requests < limit) return false;
  if (retryAfter === undefined) return true;
  const oldest = other.log[other.head];
  if (!oldest) return false;
  // A fixed window ends at most one length after its first request, a sliding one exactly then.
  return now + retryAfter <= oldest.at + window.length + tolerance;
}

/** Counts the project of `own` under that of `other` for a while, and takes untried accounts for the same one. */
export function merge(
  projects: Projects,
  [own, other]: [Domain, Domain],
  { now, window }: Refusal,
): void {
  const root = rootOf(projects, other.project, now);
  const before = projects.same.get(own.project)?.period;
  const first = believed.first * window.length;
  const period = before ? Math.min(2 * before, believed.most * window.length) : first;
  const sameness = { root, until: now + period, period };
  projects.same.set(own.project, sameness);
  for (const [name, found] of projects.same)
    if (found.root === own.project) projects.same.set(name, { ...sameness });
  projects.suspected.set(own.model, { root, until: now + 3 * window.length });
}

const pairOf = (one: string, other: string): string => [one, other].toSorted().join(" | ");

/** Whether two projects were lately shown to be two. */
export function areApart(
  { apart }: Projects,
  [one, other]: [string, string],
  now: number,
): boolean {
  return (apart.get(pairOf(one, other)) ?? -Infinity) > now;
}

/** It was shown again that `project` counts under another one. */
export function confirm({ same }: Projects, project: string, { now, window }: Refusal): void {
  const found = same.get(project);
  if (!found) return;
  found.period = believed.most * window.length;
  found.until = now + found.period;
}

/** `project` was shown not to be `root`: it counts by itself again. */
export function part(
  projects: Projects,
  [project, root]: [string, string],
  { now, length }: { now: number; length: number },
): void {
  projects.same.delete(project);
  projects.apart.set(pairOf(project, root), now + believedApart * length);
  for (const [model, suspicion] of projects.suspected)
    if (suspicion.root === root) projects.suspected.delete(model);
}
