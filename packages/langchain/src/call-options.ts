import { type CallOptions } from "@holdfast/core";

/** What one call can say, as `model.invoke(input, { holdfast: { patience: 2_000 } })`; every duration is in ms. */
export type CallSettings = Pick<
  CallOptions,
  "deadline" | "patience" | "attemptTimeout" | "priority" | "affinity" | "account"
>;

/** The call options that Holdfast's models and runnables take besides their own. */
export interface HoldfastCallOptions {
  holdfast?: CallSettings;
}
