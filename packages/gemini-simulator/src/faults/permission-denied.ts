import { z } from "zod";

import { errorInfo } from "../google-error.ts";
import { grpcMethod } from "../grpc-method.ts";
import { defineFault, type Fault } from "./fault.ts";

/** 403: the caller may not, in the barest of sentences, or its OAuth token lacks a scope. */
export const permissionDenied: Fault = defineFault({
  name: "permission-denied",
  options: { because: z.enum(["caller", "scopes"]).default("caller") },
  answer({ because }, { call, refuse }) {
    const denied = { code: 403, status: "PERMISSION_DENIED" };
    if (because === "caller")
      return refuse({ ...denied, message: "The caller does not have permission" });
    const details = [errorInfo("ACCESS_TOKEN_SCOPE_INSUFFICIENT", { method: grpcMethod(call) })];
    return refuse({
      ...denied,
      message: "Request had insufficient authentication scopes.",
      details,
    });
  },
});
