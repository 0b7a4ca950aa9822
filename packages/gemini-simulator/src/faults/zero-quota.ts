import { z } from "zod";

import { quotaExceeded } from "../quota/refusal.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 429 with `limit: 0`: this project has no quota for the model at all, whatever the advice says. */
export const zeroQuota: Fault = defineFault({
  name: "zero-quota",
  options: {
    /** Milliseconds that the refusal advises. @default until the minute ends */
    wait: z.number().positive().optional(),
  },
  answer: ({ wait }, { model, tier, refuse, untilMinuteEnds }) => {
    const advised = wait ?? untilMinuteEnds;
    const violations = dimensions.map((dimension) => ({ dimension, limit: 0, wait: advised }));
    return refuse(quotaExceeded({ model, tier, violations, wait: advised }));
  },
});

const dimensions = ["requests-per-day", "requests-per-minute", "tokens-per-minute"] as const;
