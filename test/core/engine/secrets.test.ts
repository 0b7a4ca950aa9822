import { type AccountOptions } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { apiError } from "../../support/failures.ts";
import { rejection, setUp } from "./set-up.ts";

// A relay's key looks like nothing that could be recognised: only the policy knows that it is one.
const key = "plain-words-that-open-the-relay";
const relay: AccountOptions = { name: "relay", apiKey: key, baseURL: "https://relay.example" };

describe("a key that an error repeats", () => {
  test("is in no event, no trace and no part of the error that is thrown", async () => {
    const { clock, policy } = setUp({ accounts: [relay], allow: { relays: true }, attempts: 2 });
    const told: unknown[] = [];
    policy.on((event) => void told.push(event));
    const refuse = () => Promise.reject(apiError(500, `the key ${key} was not served`));
    const error = (await clock.run(rejection(policy.execute(refuse, { model: "m" })))) as Error;
    const seen = [
      JSON.stringify(told),
      JSON.stringify(error),
      String(error),
      String(error.stack),
      (error.cause as Error).message,
      JSON.stringify(policy.status()),
    ].join("\n");
    expect(seen).toContain("was not served");
    expect(seen).not.toContain(key);
  });
});
