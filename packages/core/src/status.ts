// What a policy shows a person of its board.
import { type FailureKind, type Sureness } from "./failure.ts";
import { type Shared } from "./shared.ts";
import { type Limits } from "./target.ts";

/** A closed scope. */
export interface ClosedScope {
  scope: string;
  kind: FailureKind;
  sure: Sureness;
  /** Ms until it may be asked again. */
  opensIn: number;
  /** Whether one call is testing it now. */
  testing: boolean;
  message: string;
}

/** A quota domain that has been used. */
export interface DomainStatus {
  domain: string;
  limits: Limits;
  /** Within the last minute. */
  requests: number;
  tokens: number;
  /** Since midnight Pacific. */
  today: number;
}

/** What is closed, what quotas are known, who waits. */
export interface PolicyStatus {
  closed: ClosedScope[];
  domains: DomainStatus[];
  waiting: number;
}

/** Reads the board. */
export function statusOf({ board, room, clock }: Shared): PolicyStatus {
  const now = clock.now();
  const closed = [...board.closures.values()]
    .filter(({ until, reopens, probe }) => reopens > now && (probe || until > now))
    .map(({ scope, kind, sure, until, reopens, lease, message }) => ({
      scope,
      kind,
      sure,
      opensIn: Math.max(0, Math.min(until, reopens) - now),
      testing: lease > now,
      message,
    }));
  const domains = [...board.domains.all.values()].map(({ key, limits, requests, tokens, day }) => ({
    domain: key.slice("quota:".length),
    limits,
    requests,
    tokens,
    today: day.count,
  }));
  return { closed, domains, waiting: room.size };
}
