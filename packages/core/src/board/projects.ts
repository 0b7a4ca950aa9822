// Accounts without a project name are projects of their own, until their refusals show that they share one.
import { type Domain, type QuotaWindow } from "./quota.ts";

/** Which projects count as the same one. */
export interface Projects {
  same: Map<string, { root: string; until: number }>;
  /** By model: untried accounts are taken for the same project too, until the next one is tried. */
  suspected: Map<string, { root: string; until: number }>;
}

/** How long two accounts count as one project, in ms; then it takes new evidence, so that a mistake does not last. */
const believed = 3_600_000;

/** Two windows that end within this many ms of each other are taken for the same window. */
const tolerance = 2_000;

/** No project is known to be another. */
export function separateProjects(): Projects {
  return { same: new Map(), suspected: new Map() };
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
  const until = now + believed;
  projects.same.set(own.project, { root, until });
  for (const [name, found] of projects.same)
    if (found.root === own.project) projects.same.set(name, { root, until });
  projects.suspected.set(own.model, { root, until: now + 3 * window.length });
}
