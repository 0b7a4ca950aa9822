import { bareErrorInfo } from "../google-error.ts";
import { grpcMethod } from "../grpc-method.ts";
import { type Fault, refusal } from "./fault.ts";

/** 401: something that is no OAuth token came as a bearer token. */
export const unsupportedToken: Fault = refusal("unsupported-token", ({ call }) => ({
  code: 401,
  status: "UNAUTHENTICATED",
  message:
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
  details: [
    bareErrorInfo({
      reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED",
      metadata: { method: grpcMethod(call), service: "generativelanguage.googleapis.com" },
    }),
  ],
}));
