import { createPolicy, GaveUpError } from "@holdfast/core";

const overloaded = () => Object.assign(new Error("The model is overloaded."), { status: 503 });

const refuse = () => {
  throw Object.assign(new Error("Invalid value at 'contents'"), { status: 400 });
};

/** A policy of two models whose waits are short. */
const makePolicy = () =>
  createPolicy({
    accounts: [{ name: "main", apiKey: "some-key" }],
    chain: ["gemini-4-argon", "gemini-3.8-flash"],
    backoff: { base: 1, cap: 1 },
  });

export default {
  async test() {
    const { value, trace } = await makePolicy().execute(({ model }) => {
      if (model === "gemini-4-argon") throw overloaded();
      return `${navigator.userAgent}, ${model}`;
    });
    const answer = `${value}, ${trace.attempts.length} attempts`;
    if (answer !== "Cloudflare-Workers, gemini-3.8-flash, 5 attempts") throw new Error(answer);

    const error = await makePolicy()
      .execute(refuse)
      .catch((refusal) => refusal);
    if (!GaveUpError.isInstance(error) || error.reason !== "not-retryable") throw error;
  },
};
