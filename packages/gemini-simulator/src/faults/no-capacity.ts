import { z } from "zod";

import { bareErrorInfo, retryInfo } from "../google-error.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 503 or 429: "No capacity available", with the reason MODEL_CAPACITY_EXHAUSTED and a RetryInfo. */
export const noCapacity: Fault = defineFault({
  name: "no-capacity",
  options: {
    status: z.literal([429, 503]).default(503),
    wait: z.number().nonnegative().default(40_000),
  },
  answer: ({ status, wait }, { model, refuse }) =>
    refuse({
      code: status,
      status: status === 429 ? "RESOURCE_EXHAUSTED" : "UNAVAILABLE",
      message: `No capacity available for model ${model.name} on the server`,
      details: [
        bareErrorInfo({
          reason: "MODEL_CAPACITY_EXHAUSTED",
          domain: "cloudcode-pa.googleapis.com",
          metadata: { model: model.name },
        }),
        retryInfo(wait),
      ],
    }),
});
