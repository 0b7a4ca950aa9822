import { createPolicy, type Policy } from "@holdfast/core";

import { type Stage } from "./stage.ts";
import { flash, lite, pro } from "./story.ts";

/** The one policy object of all stories. */
export function demoPolicy({ accounts, quotaWindow }: Stage): Policy {
  return createPolicy({
    accounts,
    fallbacks: { [pro]: [flash, lite], [flash]: [lite], "*": [flash] },
    patience: 5_000,
    deadline: 60_000,
    attempts: 12,
    // Shorter than the defaults, since somebody is watching.
    backoff: { base: 200, cap: 800 },
    quotaWindow,
  });
}
