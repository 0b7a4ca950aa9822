import { z } from "zod";

import { type GoogleError, errorInfo, localizedMessage } from "../google-error.ts";
import { grpcMethod } from "../grpc-method.ts";
import { type Fault, type FaultContext, defineFault } from "./fault.ts";

/** 403: the key may not be used for this service, from this page or from this address. */
export const restrictedKey: Fault = defineFault({
  name: "restricted-key",
  options: { by: z.enum(["service", "referrer", "ip"]).default("service") },
  answer: ({ by }, context) => context.refuse(refusals[by](context)),
});

const refusals: Record<"service" | "referrer" | "ip", (context: FaultContext) => GoogleError> = {
  service: ({ call, projectNumber }) => {
    const method = grpcMethod(call);
    const message = `Requests to this API generativelanguage.googleapis.com method ${method} are blocked.`;
    const api = "generativelanguage.googleapis.com";
    const metadata = { consumer: `projects/${projectNumber}`, apiName: api, methodName: method };
    return denied(message, "API_KEY_SERVICE_BLOCKED", metadata);
  },
  referrer: ({ call, projectNumber }) => {
    const referrer = call.request.headers["referer"] ?? "<empty>";
    const metadata = { consumer: `projects/${projectNumber}`, httpReferrer: referrer };
    return denied(
      `Requests from referer ${referrer} are blocked.`,
      "API_KEY_HTTP_REFERRER_BLOCKED",
      metadata,
    );
  },
  ip: ({ projectNumber }) =>
    denied(
      "The provided API key has an IP address restriction. The originating IP address of the call (127.0.0.1) violates this restriction.",
      "API_KEY_IP_ADDRESS_BLOCKED",
      {
        consumer: `projects/${projectNumber}`,
      },
    ),
};

function denied(message: string, reason: string, metadata: Record<string, string>): GoogleError {
  return {
    code: 403,
    status: "PERMISSION_DENIED",
    message,
    details: [errorInfo(reason, metadata), localizedMessage(message)],
  };
}
