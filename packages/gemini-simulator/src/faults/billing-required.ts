import { z } from "zod";

import { type Fault, defineFault } from "./fault.ts";

/** The project has to pay first: a 403 on the project, or a 400 that a country has no free tier. */
export const billingRequired: Fault = defineFault({
  name: "billing-required",
  options: { because: z.enum(["project", "country", "location"]).default("project") },
  answer: ({ because }, { refuse, projectNumber }) =>
    refuse(
      because === "project"
        ? { code: 403, status: "PERMISSION_DENIED", message: billing(projectNumber) }
        : { code: 400, status: "FAILED_PRECONDITION", message: sentences[because] },
    ),
});

const sentences = {
  country:
    "Gemini API free tier is not available in your country. Please enable billing on your project in Google AI Studio.",
  location: "User location is not supported for the API use without a billing account linked.",
};

function billing(project: string): string {
  return `This API method requires billing to be enabled. Please enable billing on project #${project} by visiting https://console.developers.google.com/billing/enable?project=${project} then retry. If you enabled billing for this project recently, wait a few minutes for the action to propagate to our systems and retry.`;
}
