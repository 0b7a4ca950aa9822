import { z } from "zod";

import { quotaExceeded } from "../quota/refusal.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 429: the input tokens of this minute are used up. Whatever was really used. */
export const minuteTokenQuota: Fault = defineFault({
  name: "minute-token-quota",
  options: {
    limit: z.number().int().positive().default(250_000),
    /** Milliseconds that the refusal advises. @default until the window ends */
    wait: z.number().positive().optional(),
  },
  answer: ({ limit, wait }, { model, tier, refuse, untilMinuteEnds }) => {
    const advised = wait ?? untilMinuteEnds;
    const violations = [{ dimension: "tokens-per-minute" as const, limit, wait: advised }];
    return refuse(quotaExceeded({ model, tier, violations, wait: advised }));
  },
});
