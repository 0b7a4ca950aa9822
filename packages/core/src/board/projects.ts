// Accounts without a project name are projects of their own, until their refusals show that they share one.
import { type Domain, type QuotaWindow } from "./quota.ts";

/** Which projects were found to be the same one: a scope key's project part -> the one it counts under. */
export interface Projects {
  same: Map<string, string>;
  /** How often two were seen to coincide, by pair. */
  hints: Map<string, number>;
}

/** Two windows that end within this many ms of each other are taken for the same window. */
const tolerance = 2_000;

/** No project is known to be another. */
export function separateProjects(): Projects {
  return { same: new Map(), hints: new Map() };
}

/** The project that `project` counts under. */
export function rootOf(projects: Projects, project: string): string {
  return projects.same.get(project) ?? project;
}

/**
 * Whether a refusal of `own`, which sent less than its limit, is explained by what `other` sent: together they
 * reached the limit, and the window that the refusal names is the other's.
 */
export function coincide(
  own: Domain,
  other: Domain,
  {
    limit,
    retryAfter,
    now,
    window,
  }: { limit: number; retryAfter?: number; now: number; window: QuotaWindow },
): boolean {
  // The refused request itself is in its own log.
  if (own.requests - 1 >= limit || own.requests - 1 + other.requests < limit) return false;
  if (retryAfter === undefined) return true;
  const oldest = other.log[other.head];
  if (!oldest) return false;
  // A fixed window ends at most one length after its first request, a sliding one exactly then.
  return now + retryAfter <= oldest.at + window.length + tolerance;
}

/** Counts `project` under `under` from now on. */
export function merge(projects: Projects, project: string, under: string): void {
  const root = rootOf(projects, under);
  projects.same.set(project, root);
  for (const [name, to] of projects.same) if (to === project) projects.same.set(name, root);
}

/** Undoes it: one was served while the other was refused. */
export function part(projects: Projects, project: string): void {
  projects.same.delete(project);
}
