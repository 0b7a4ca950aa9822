import { z } from "zod";

import { quotaExceeded } from "../quota/refusal.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 429: the requests of this day are used up. Whatever was really used. */
export const dayQuota: Fault = defineFault({
  name: "day-quota",
  options: {
    limit: z.number().int().positive().default(20),
    /** Milliseconds that the refusal advises. @default until the window ends */
    wait: z.number().positive().optional(),
  },
  answer: ({ limit, wait }, { model, tier, refuse, untilDayEnds }) => {
    const advised = wait ?? untilDayEnds;
    const violations = [{ dimension: "requests-per-day" as const, limit, wait: advised }];
    return refuse(quotaExceeded({ model, tier, violations, wait: advised }));
  },
});
