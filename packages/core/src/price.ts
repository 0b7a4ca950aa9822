// What attempts cost, where the price of their model is known.
import { type AttemptRecord, type Usage } from "./outcome.ts";

/** What a million tokens of a model cost; the catalogue says US dollars. */
export interface Price {
  input: number;
  /** What the model thinks counts as output. */
  output: number;
  /** Input that was read from a cache. @default as `input` */
  cachedInput?: number;
  /** Where a long input makes the whole request dearer: above how many input tokens, and what it costs then. */
  long?: { above: number; input: number; output: number; cachedInput?: number };
}

/** What these tokens cost; nothing where none were counted. */
function costOf(usage: Usage, price: Price): number | undefined {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens = 0 } = usage;
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) return undefined;
  const { long } = price;
  const { input, output, cachedInput = input } = long && inputTokens > long.above ? long : price;
  const cached = Math.min(cachedInputTokens, inputTokens);
  const millionths = (inputTokens - cached) * input + cached * cachedInput + outputTokens * output;
  return millionths / 1e6;
}

/** Enters what an attempt used into its record. */
export function enterUsage(record: AttemptRecord, usage: Usage, price: Price | undefined): void {
  record.usage = usage;
  const cost = price && costOf(usage, price);
  if (cost !== undefined) record.cost = cost;
}

/** What attempts used and cost; each is absent where nobody counted, or no price is known. */
export interface Spent {
  usage?: Usage;
  cost?: number;
}

/** What an attempt used and cost. */
export function spentBy({ usage, cost }: Spent): Spent {
  return { ...(usage ? { usage } : {}), ...(cost === undefined ? {} : { cost }) };
}

/** What all attempts of a call used and cost, as far as it is known. */
export function spentByAll(records: readonly Spent[]): Spent {
  const all: Spent = {};
  for (const { usage, cost } of records) {
    if (cost !== undefined) all.cost = (all.cost ?? 0) + cost;
    if (!usage) continue;
    all.usage ??= { inputTokens: 0, outputTokens: 0 };
    add(all.usage, usage);
  }
  return all;
}

function add(sum: Usage, usage: Usage): void {
  for (const part of ["inputTokens", "outputTokens", "cachedInputTokens"] as const)
    if (usage[part] !== undefined) sum[part] = (sum[part] ?? 0) + usage[part];
}
