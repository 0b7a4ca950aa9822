import { type Fault, refusal } from "./fault.ts";

/** 403: no key arrived at all. */
export const unregisteredCaller: Fault = refusal("unregistered-caller", () => ({
  code: 403,
  status: "PERMISSION_DENIED",
  message:
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
}));
