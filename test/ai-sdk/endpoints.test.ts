// The endpoint of an account in every form in which relays give it out.
import { createPolicy } from "@holdfast/core";
import { describe, expect, test, onTestFinished } from "vitest";

import { endpointForms } from "../support/endpoint-forms.ts";
import { hosts } from "./hosts.ts";
import { keys, reply, simulator } from "./setting.ts";

const flash = "gemini-2.5-flash";
const embedding = "gemini-embedding-001";

describe.each(hosts)("$name", ({ google, generateText, streamText, embed }) => {
  test.each(endpointForms)(
    "asks an endpoint that ends in %j as it was meant",
    async (form, prefix, version) => {
      const server = await simulator({ endpoints: [{ name: "relay", path: "/gemini" }] });
      onTestFinished(() => server.close());
      const accounts = [{ name: "main", apiKey: keys.main, baseURL: `${server.url}${form}` }];
      const held = google(createPolicy({ accounts }));
      const model = held(flash);
      expect((await generateText({ model, prompt: "Hi" })).text).toBe(reply);
      expect(await streamText({ model, prompt: "Hi" }).text).toBe(reply);
      await embed({ model: held.textEmbeddingModel(embedding), value: "kelp" });
      const path = `${prefix}/${version}/models`;
      expect(server.log.all().map((entry) => [entry.path, entry.status])).toEqual([
        [`${path}/${flash}:generateContent`, 200],
        [`${path}/${flash}:streamGenerateContent`, 200],
        [`${path}/${embedding}:embedContent`, 200],
      ]);
    },
  );
});
