import { holdfastMiddleware, holdfastModel } from "@holdfast/ai-sdk";
import { type Simulator } from "@holdfast/gemini-simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { hosts } from "./hosts.ts";
import { keys, policyAt, reply, simulator } from "./setting.ts";

const pro = "gemini-2.5-pro";
const flash = "gemini-2.5-flash";

let server: Simulator;
beforeEach(async () => {
  server = await simulator({ rules: [{ fault: "overload", model: pro }] });
});
afterEach(() => server.close());

describe.each(hosts)("one model object of $name", (host) => {
  const { google, generateText, streamText, wrapLanguageModel, createGoogle } = host;
  const ways = [
    {
      way: "holdfastProvider",
      make: () =>
        google(policyAt(server, { patience: 0, fallbacks: { [pro]: [flash] } }).policy)(pro),
    },
    {
      way: "holdfastMiddleware",
      make: () => {
        const { policy } = policyAt(server, { patience: 0, fallbacks: { [pro]: [flash] } });
        const model = createGoogle({ apiKey: keys.main, baseURL: `${server.url}/v1beta` })(pro);
        return wrapLanguageModel({ model, middleware: holdfastMiddleware(policy, createGoogle) });
      },
    },
    {
      way: "holdfastModel",
      make: () => {
        const { policy } = policyAt(server, { patience: 0 });
        const own = createGoogle({ apiKey: keys.main, baseURL: `${server.url}/v1beta` });
        return holdfastModel(policy, [own(pro), own(flash)]);
      },
    },
  ];

  const counted = [2, 10, 100].flatMap((count) => ways.map((way) => ({ ...way, count })));

  test.each(counted)(
    "loses none of $count calls at once through $way when the first target is down",
    async ({ make, count }) => {
      const model = make();
      const texts = await Promise.all(
        Array.from(
          { length: count },
          async () => (await generateText({ model, prompt: "Hi" })).text,
        ),
      );
      expect(texts).toEqual(Array.from({ length: count }, () => reply));
      expect(server.log.count({ model: flash })).toBe(count);
    },
  );

  test.each(counted)(
    "loses none of $count streams at once through $way when the first target is down",
    async ({ make, count }) => {
      const model = make();
      const texts = await Promise.all(
        Array.from({ length: count }, async () => await streamText({ model, prompt: "Hi" }).text),
      );
      expect(texts).toEqual(Array.from({ length: count }, () => reply));
      expect(server.log.count({ model: flash })).toBe(count);
    },
  );
});
