import { type Call } from "./request.ts";

/** The name that refusals give to the method that was called. */
export function grpcMethod({ operation, version }: Call): string {
  const method = operation.charAt(0).toUpperCase() + operation.slice(1);
  const service =
    operation === "listModels" || operation === "getModel" ? "ModelService" : "GenerativeService";
  return `google.ai.generativelanguage.${version}.${service}.${method}`;
}
