import { createGoogle } from "@ai-sdk/google";
import { holdfastProvider } from "@holdfast/ai-sdk";
import { createPolicy, GaveUpError, type PolicyOptions } from "@holdfast/core";

import { type Contender, PartialError, type Setting } from "../contender.ts";
import { streaming } from "./ai-sdk.ts";
import { geminiFetch } from "./gemini-fetch.ts";
import { policyFor } from "./policy-for.ts";

/** Measures streams of the AI SDK through a policy. */
export function holdfastStreams(options: PolicyOptions = {}): Required<Pick<Contender, "stream">> {
  return {
    stream(setting: Setting) {
      const { scenario, clock } = setting;
      const policy = createPolicy(policyFor(scenario, options), { clock });
      const fetch = geminiFetch(setting);
      const google = holdfastProvider(policy, (account: object) =>
        createGoogle({ ...account, fetch }),
      );
      return streaming({ modelOf: (call) => google(call.model ?? scenario.model) });
    },
  };
}

/** What a policy reports of a stream that failed. */
export function kindOfStream(error: unknown): string | undefined {
  const cause = error instanceof PartialError ? error.cause : error;
  return GaveUpError.isInstance(cause) ? cause.failure?.kind : undefined;
}
