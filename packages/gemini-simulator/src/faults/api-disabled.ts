import { errorInfo, help, localizedMessage } from "../google-error.ts";
import { type Fault, refusal } from "./fault.ts";

/** 403: the project has not switched the Generative Language API on. */
export const apiDisabled: Fault = refusal("api-disabled", ({ projectNumber }) => {
  const url = `https://console.developers.google.com/apis/api/generativelanguage.googleapis.com/overview?project=${projectNumber}`;
  const message = `Generative Language API has not been used in project ${projectNumber} before or it is disabled. Enable it by visiting ${url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
  const info = errorInfo("SERVICE_DISABLED", {
    activationUrl: url,
    consumer: `projects/${projectNumber}`,
    containerInfo: projectNumber,
    serviceTitle: "Generative Language API",
  });
  const links = help({ description: "Google developers console API activation", url });
  return {
    code: 403,
    status: "PERMISSION_DENIED",
    message,
    details: [info, localizedMessage(message), links],
  };
});
