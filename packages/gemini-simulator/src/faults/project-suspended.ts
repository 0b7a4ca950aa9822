import { z } from "zod";

import { errorInfo, localizedMessage } from "../google-error.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 403: Google has suspended the project. One of its two sentences quotes the whole key, as the real one does. */
export const projectSuspended: Fault = defineFault({
  name: "project-suspended",
  options: { sentence: z.enum(["consumer", "denied-access"]).default("consumer") },
  answer: ({ sentence }, { refuse, key, projectNumber }) => {
    const denied = { code: 403, status: "PERMISSION_DENIED" };
    if (sentence === "denied-access") {
      return refuse({
        ...denied,
        message: "Your project has been denied access. Please contact support.",
      });
    }
    const message = `Permission denied: Consumer 'api_key:${key}' has been suspended.`;
    const metadata = { consumer: `projects/${projectNumber}`, containerInfo: `api_key:${key}` };
    const details = [errorInfo("CONSUMER_SUSPENDED", metadata), localizedMessage(message)];
    return refuse({ ...denied, message, details });
  },
});
