import { type AccountOptions } from "@holdfast/core";
import { type RuleInput } from "@holdfast/gemini-simulator";

/** What the stories are played on: a simulated Gemini whose weather can be set, or the real one. */
export interface Stage {
  /** One line that says where the calls go. */
  readonly place: string;
  readonly simulated: boolean;
  readonly accounts: AccountOptions[];
  /** The minute that quotas count, in ms. */
  readonly quotaWindow: number;
  /** What goes wrong from now on; the real Gemini has a weather of its own. */
  weather(rules: readonly RuleInput[]): void;
  close(): Promise<void>;
}
