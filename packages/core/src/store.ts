// What outlives the process: scopes that are closed for long, limits that were learned, and the counters of the day.
import { type Board, type Moment } from "./board/board.ts";
import { type DomainName, freshDomain } from "./board/quota.ts";
import { type FailureKind } from "./failure.ts";
import { type Limits } from "./target.ts";

/** A closed scope as a store keeps it; times are ms since the epoch. */
export interface StoredClosure {
  scope: string;
  kind: FailureKind;
  until: number;
  /** Absent when only a probe opens it. */
  reopens?: number;
  probe: boolean;
  message: string;
}

/** A quota domain as a store keeps it. */
export interface StoredDomain {
  key: string;
  limits: Limits;
  /** The Pacific day of the counter, such as `2026-11-23`. */
  day: string;
  count: number;
}

/** What a store keeps. Plain data without any key. */
export interface StoredBoard {
  version: 1;
  closures: StoredClosure[];
  domains: StoredDomain[];
}

/** Where a policy keeps what is to outlive its process. */
export interface Store {
  /** What was saved last; nothing the first time. */
  load(): Promise<StoredBoard | undefined>;
  save(board: StoredBoard): Promise<void>;
}

/** A store that lives as long as the process; for tests, and to hand a board from one policy to another. */
export function memoryStore(): Store {
  let saved: string | undefined;
  return {
    load: async () => (saved === undefined ? undefined : (JSON.parse(saved) as StoredBoard)),
    async save(board) {
      saved = JSON.stringify(board);
    },
  };
}

/** Shorter closures are over before another process reads them. */
const worthKeeping = 60_000;
/** Facts of a process's own place say nothing to another one. */
const ofThisPlace = new Set<FailureKind>(["region-unsupported", "api-key-restricted", "network"]);

/** `quota:PROJECT MODEL`, taken apart. */
function nameOf(key: string): DomainName {
  const space = key.lastIndexOf(" ");
  return { key, project: key.slice("quota:".length, space), model: key.slice(space + 1), tier: "" };
}

/** What of a board is worth keeping. */
export function toStored({ closures, domains }: Board, { now, wall }: Moment): StoredBoard {
  const kept: StoredClosure[] = [];
  for (const { scope, kind, sure, until, reopens, probe, message } of closures.values()) {
    if (
      sure === "suspected" ||
      ofThisPlace.has(kind) ||
      Math.min(until, reopens) < now + worthKeeping
    )
      continue;
    const opens = reopens === Infinity ? {} : { reopens: wall + (reopens - now) };
    kept.push({ scope, kind, until: wall + (until - now), ...opens, probe, message });
  }
  return {
    version: 1,
    closures: kept,
    domains: [...domains.all.values()]
      .filter(({ day, limits }) => day.count > 0 || Object.keys(limits).length > 0)
      .map(({ key, limits, day }) => ({ key, limits, day: day.name, count: day.count })),
  };
}

/** Takes in what was stored; what this process already knows better stays. */
export function fromStored(board: Board, stored: StoredBoard, moment: Moment): void {
  const { wall } = moment;
  for (const { scope, kind, until, reopens, probe, message } of stored.closures) {
    if (Math.min(until, reopens ?? Infinity) <= wall) continue;
    // A new process may have a new key of the same account: its first call finds out. What a person closed stays closed.
    const delay = probe && scope.startsWith("account:") ? 0 : until - wall;
    const end = reopens === undefined ? {} : { reopensIn: reopens - wall };
    board.close({ scope, kind, sure: "stated", delay, ...end, probe, message }, moment);
  }
  for (const { key, limits, day, count } of stored.domains) {
    const domain = board.domains.all.get(key) ?? freshDomain(nameOf(key), {});
    domain.limits = { ...limits, ...domain.limits };
    if (domain.day.name === "" || domain.day.name === day)
      domain.day = { name: day, count: domain.day.count + count };
    board.domains.all.set(key, domain);
  }
}
