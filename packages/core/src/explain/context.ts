import { type Model, type Tier } from "@holdfast/core/models";

import { type Language } from "./language.ts";

/** What is known beside the failure when it is explained. */
export interface ExplainContext {
  language: Language;
  /** Wall time in ms since 1970. */
  now: number;
  timeZone?: string | undefined;
  models: readonly Model[];
  candidates?: readonly string[];
  /** Names of models not to propose. */
  exclude?: readonly string[];
  /** The model that was asked for. */
  model?: string | undefined;
  tier?: Tier | undefined;
  /** When the policy asks again, as wall time in ms. */
  resetsAt?: number | undefined;
}
