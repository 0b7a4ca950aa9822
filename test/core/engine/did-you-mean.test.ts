import { describe, expect, test } from "vitest";

import { unknownModel } from "../../support/failures.ts";
import { accounts, rejection, setUp } from "./set-up.ts";

const name = "gemini-3.6-flash";
const misspelled = "gemini-3.6-flsh";
const otherwise = "gemini-3.6-flahs";
const relay = { ...accounts("relay")[0], name: "relay", apiKey: "k", baseURL: "https://r.example" };

describe("the names that a diagnosis proposes for one that does not exist", () => {
  test("are none that this endpoint refused before, as long as it is closed", async () => {
    const { clock, policy, server } = setUp();
    let open = false;
    const servers = server({
      [`default/${name}`]: () => (open ? "ok" : unknownModel(name)),
      "*": unknownModel(misspelled),
    });
    const ask = (model: string) => clock.run(rejection(policy.execute(servers, { model })));

    expect(String(await ask(misspelled))).toContain(`Did you mean "${name}"`);
    await ask(name);
    const said = String(await ask(otherwise));
    expect(said).toContain("Did you mean ");
    expect(said).not.toContain(`"${name}"`);

    open = true;
    await clock.advance(3_700_000);
    await clock.run(policy.execute(servers, { model: name }));
    expect(String(await ask(misspelled))).toContain(`Did you mean "${name}"`);
  });

  test("may be closed at one endpoint when another one has not refused them", async () => {
    const { clock, policy, server } = setUp({ accounts: [...accounts("own"), relay] });
    const refusing = server({ "*": unknownModel(name) });
    await clock.run(rejection(policy.execute(refusing, { model: name })));
    expect(policy.status().closed.map(({ scope }) => scope)).toEqual([`model:google ${name}`]);
    const both = server({ "*": unknownModel(misspelled) });
    const error = await clock.run(rejection(policy.execute(both, { model: misspelled })));
    expect(String(error)).toContain(`Did you mean "${name}"`);
  });

  test("nor is a refused one named as the successor", async () => {
    const { clock, policy, server } = setUp();
    const old = "gemini-2.0-flash";
    const servers = server({ "*": (_nth, { model }) => unknownModel(model) });
    const ask = (model: string) => clock.run(rejection(policy.execute(servers, { model })));
    const successor = /Its successor is "(.+)"/.exec(String(await ask(old)))?.[1] ?? "none";
    await ask(successor);
    await clock.advance(3_700_000);
    expect(String(await ask(old))).not.toContain("Its successor");
  });

  test("leave out what the caller's own facts propose all the same", async () => {
    const models = { nearest: () => ["a-b", "a-c"] };
    const { clock, policy, server } = setUp({ models });
    const servers = server({ "*": (_nth, { model }) => unknownModel(model) });
    const ask = (model: string) => clock.run(rejection(policy.execute(servers, { model })));
    await ask("a-b");
    expect(String(await ask("a"))).toContain('Did you mean "a-c"?');
  });
});
