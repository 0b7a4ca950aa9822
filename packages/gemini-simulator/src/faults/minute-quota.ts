import { z } from "zod";

import { quotaExceeded } from "../quota/refusal.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 429: the requests of this minute are used up. Whatever was really used. */
export const minuteQuota: Fault = defineFault({
  name: "minute-quota",
  options: {
    limit: z.number().int().positive().default(5),
    /** Milliseconds that the refusal advises. @default until the window ends */
    wait: z.number().positive().optional(),
  },
  answer: ({ limit, wait }, { model, tier, refuse, untilMinuteEnds }) => {
    const advised = wait ?? untilMinuteEnds;
    const violations = [{ dimension: "requests-per-minute" as const, limit, wait: advised }];
    return refuse(quotaExceeded({ model, tier, violations, wait: advised }));
  },
});
