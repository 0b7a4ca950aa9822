import { z } from "zod";

import { modelNotFound } from "../models.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 404: no such model, or not for this project any more. */
export const missingModel: Fault = defineFault({
  name: "model-not-found",
  options: { because: z.enum(["unknown", "closed-to-new-users"]).default("unknown") },
  answer: ({ because }, { call, model, refuse }) =>
    refuse(
      because === "unknown"
        ? modelNotFound(call)
        : {
            code: 404,
            status: "NOT_FOUND",
            message: `This model models/${model.name} is no longer available to new users. Please update your code to use a newer model for the latest features and improvements.`,
          },
    ),
});
