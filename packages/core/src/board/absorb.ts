// Two domains that turned out to be one, and one that turned out to be two.
import { freshWindow } from "./fixed-window.ts";
import { type Domain, left, type Reservation } from "./quota.ts";

/** Takes over what was sent into a domain that turned out to be the same one. */
export function absorb(domain: Domain, other: Domain): void {
  const sent = sentInto(other);
  for (const entry of sent) {
    entry.domain = domain;
    entry.from ??= other.project;
  }
  const all = [...sentInto(domain), ...sent];
  domain.fixed ??= other.fixed;
  recount(
    domain,
    all.toSorted((one, next) => one.at - next.at),
  );
  recount(other, []);
  domain.limits = { ...other.limits, ...domain.limits };
  if (domain.day.name === other.day.name) domain.day.count += other.day.count;
}

/** Gives back what `absorb` took from `own`, which turned out to be another one after all. */
export function giveBack(domain: Domain, own: Domain): void {
  const all = sentInto(domain);
  const gone = all.filter(({ from }) => from === own.project);
  for (const entry of gone) entry.domain = own;
  recount(
    domain,
    all.filter((entry) => !gone.includes(entry)),
  );
  own.fixed = domain.fixed;
  recount(own, gone);
  own.limits = { ...domain.limits, ...own.told };
  own.learnedAt = domain.learnedAt;
  if (domain.day.name === own.day.name)
    domain.day.count = Math.max(0, domain.day.count - own.day.count);
}

const sentInto = ({ log, head }: Domain): Reservation[] =>
  log.slice(head).filter(({ at }) => at !== left);

function recount(domain: Domain, log: Reservation[]): void {
  const sum = (of: (entry: Reservation) => number): number =>
    log.reduce((total, entry) => total + of(entry), 0);
  Object.assign(domain, {
    log,
    head: 0,
    aged: 0,
    requests: sum(({ requests }) => requests),
    tokens: sum(({ tokens }) => tokens),
    accepted: sum(({ accepted }) => Number(accepted)),
    // Counted anew at the next look.
    fixed: domain.fixed && freshWindow(domain.fixed.phase),
  });
}
