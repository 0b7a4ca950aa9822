// Accounts without a project name are projects of their own, until their refusals show that they share one.
import { type Domain, type QuotaWindow } from "./quota.ts";

/** Which projects were found to be the same one: a scope key's project part -> the one it counts under. */
export interface Projects {
  same: Map<string, { root: string; until: number }>;
}

/** How long two accounts count as one project, in ms; then it takes new evidence, so that a mistake does not last. */
const believed = 3_600_000;

/** Two windows that end within this many ms of each other are taken for the same window. */
const tolerance = 2_000;

/** No project is known to be another. */
export function separateProjects(): Projects {
  return { same: new Map() };
}

/** The project that `project` counts under. */
export function rootOf({ same }: Projects, project: string, now: number): string {
  const found = same.get(project);
  return found && found.until > now ? found.root : project;
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

/** Counts `project` under `under` for a while. */
export function merge(projects: Projects, [project, under]: [string, string], now: number): void {
  const root = rootOf(projects, under, now);
  const until = now + believed;
  projects.same.set(project, { root, until });
  for (const [name, found] of projects.same)
    if (found.root === project) projects.same.set(name, { root, until });
}
