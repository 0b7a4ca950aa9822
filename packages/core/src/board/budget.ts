// The retry budget: the share of traffic that may be retries. When it is empty, calls move on instead of repeating.
// A bucket with refund, as the AWS SDKs keep it, suits clients of low rate: a fixed ratio starves them.

/** How much of the traffic may be retries. */
export interface BudgetOptions {
  /** What the bucket holds. @default 500 */
  capacity?: number;
  /** Cost of a retry; refunded when it succeeds. @default 5 */
  cost?: number;
  /** Cost after a timeout or a broken stream, whose tokens may be spent. @default 14 */
  timeoutCost?: number;
  /** What each success pays in. @default 5 */
  income?: number;
}

/** The bucket of one upstream × model. */
export interface Budget {
  left: number;
}

const defaults = { capacity: 500, cost: 5, timeoutCost: 14, income: 5 };

/** A full bucket. */
export function fullBudget(options: BudgetOptions): Budget {
  return { left: { ...defaults, ...options }.capacity };
}

/** What a retry costs. */
function priceOf(afterTimeout: boolean, options: BudgetOptions): number {
  const { cost, timeoutCost } = { ...defaults, ...options };
  return afterTimeout ? timeoutCost : cost;
}

/** Whether the bucket has enough for a retry. */
export function canAfford(
  { left }: Budget,
  afterTimeout: boolean,
  options: BudgetOptions,
): boolean {
  return left >= priceOf(afterTimeout, options);
}

/** Takes the price of a retry and returns it, or returns 0 and takes nothing when the bucket has not enough. */
export function spend(budget: Budget, afterTimeout: boolean, options: BudgetOptions): number {
  const price = priceOf(afterTimeout, options);
  if (budget.left < price) return 0;
  budget.left -= price;
  return price;
}

/** A success pays in, and gives back what its retry had cost. */
export function payIn(budget: Budget, refund: number, options: BudgetOptions): void {
  const { capacity, income } = { ...defaults, ...options };
  budget.left = Math.min(capacity, budget.left + income + refund);
}
