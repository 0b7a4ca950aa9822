import { type FaultInput } from "./faults/index.ts";
import { matches } from "./pattern.ts";
import { type Scenario, type Tier } from "./scenario.ts";

/** Dollars spent, by billing account and by project. */
export interface SpendState {
  accounts: Map<string, Ledger>;
  projects: Map<string, { month: number; dollars: number }>;
}

interface Ledger {
  /** Dollars of the last ten minutes, oldest first, and their sum. */
  recent: { time: number; dollars: number }[];
  lately: number;
  total: number;
}

/** How long the window of the spend-based rate limit is, in milliseconds. */
const rateWindow = 600_000;

/** Dollars that a billing account of a tier may spend in ten minutes, as published. */
const rateOfTier: Partial<Record<Tier, number>> = { "tier-1": 10, "tier-2": 50, "tier-3": 200 };

/** Nothing spent yet. */
export function noSpending(): SpendState {
  return { accounts: new Map(), projects: new Map() };
}

/** Whose money a request costs. */
export interface Payer {
  scenario: Scenario;
  project: string | undefined;
  now: number;
}

/** The refusal that money stands in the way with, if it does. */
export function findSpendRefusal(state: SpendState, payer: Payer): FaultInput | undefined {
  const { scenario, now } = payer;
  const project = scenario.projects.find(({ name }) => matches(name, payer.project));
  if (project === undefined) return undefined;
  const billing = scenario.billingAccounts.find(({ name }) => name === project.billingAccount);
  const ledger = ledgerOf(state, payer);
  if (spentThisMonth(state, payer.project, now) >= (project.monthlyCap ?? Infinity))
    return { type: "spend-cap", cap: "monthly" };
  if (ledger.total >= (billing?.prepaid ?? Infinity)) return { type: "spend-cap", cap: "prepaid" };
  const limit =
    billing?.dollarsPerTenMinutes ?? (project.tier && rateOfTier[project.tier]) ?? Infinity;
  return spentLately(ledger, now) >= limit ? "spend-rate" : undefined;
}

function spentThisMonth(
  { projects }: SpendState,
  project: string | undefined,
  now: number,
): number {
  const spent = projects.get(project ?? "");
  return spent?.month === monthOf(now) ? spent.dollars : 0;
}

/** Dollars of the last ten minutes; forgets older ones. */
function spentLately(ledger: Ledger, now: number): number {
  for (
    let [first] = ledger.recent;
    first !== undefined && first.time <= now - rateWindow;
    [first] = ledger.recent
  ) {
    ledger.lately -= first.dollars;
    ledger.recent.shift();
  }
  return ledger.recent.length === 0 ? 0 : ledger.lately;
}

/** Books what a request cost. */
export function bookSpending(
  state: SpendState,
  payer: Payer,
  tokens: { input: number; output: number },
): void {
  const { scenario, project, now } = payer;
  if (project === undefined || scenario.projects.length === 0) return;
  const { inputPerMillion, outputPerMillion } = scenario.price;
  const dollars = (tokens.input * inputPerMillion + tokens.output * outputPerMillion) / 1_000_000;
  const ledger = ledgerOf(state, payer);
  spentLately(ledger, now);
  if (ledger.recent.length === 0) ledger.lately = 0;
  ledger.recent.push({ time: now, dollars });
  ledger.lately += dollars;
  ledger.total += dollars;
  const month = monthOf(now);
  const spent = state.projects.get(project);
  state.projects.set(project, {
    month,
    dollars: dollars + (spent?.month === month ? spent.dollars : 0),
  });
}

/** What the billing account has spent, or the project where it has no account of its own. */
function ledgerOf({ accounts }: SpendState, { scenario, project }: Payer): Ledger {
  const name =
    scenario.projects.find((one) => matches(one.name, project))?.billingAccount ??
    `project ${project}`;
  const ledger = accounts.get(name) ?? { recent: [], lately: 0, total: 0 };
  accounts.set(name, ledger);
  return ledger;
}

function monthOf(now: number): number {
  const date = new Date(now);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
