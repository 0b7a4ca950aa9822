// What any store of a policy must do. A store of your own passes it like this:
//
//   storeContract("my store", () => { const place = newPlace(); return () => myStore(place); });
import { createPolicy, type Policy, type Store, type StoredBoard } from "@holdfast/core";
import { createVirtualClock, type VirtualClock } from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

import { badRegion, quotaError, unknownModel } from "../support/failures.ts";

/** Answers a function that opens the store at one and the same new place, as a process does when it starts. */
type NewPlace = () => () => Store;

const account = { name: "main", apiKey: "AIzaSyFake-key-of-main-0123456789" };
const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 23, 20);

const board: StoredBoard = {
  version: 1,
  closures: [
    {
      scope: "project:p",
      kind: "billing-required",
      until: noon + hour,
      reopens: noon + 2 * hour,
      probe: true,
      message: 'says "no" – 没有',
    },
    {
      scope: "model:google m",
      kind: "model-not-found",
      until: noon + hour,
      probe: true,
      message: "",
    },
  ],
  domains: [{ key: "quota:p m", limits: { rpm: 5, tpm: 10 }, day: "2026-11-23", count: 7 }],
};

/** Carries one call; the store is read and written in real time, so the clock only runs in between. */
async function carry(policy: Policy, clock: VirtualClock, answer: () => string): Promise<unknown> {
  await policy.flush();
  const call = policy.execute(answer, { model: "m" });
  const end = await clock.run(
    call.then(
      ({ value }) => value,
      (error: unknown) => error,
    ),
  );
  await policy.flush();
  return end;
}

const throwing = (error: Error) => (): string => {
  throw error;
};

/** Registers the tests that every store must pass. */
export function storeContract(name: string, newPlace: NewPlace): void {
  describe(`${name}: what is kept`, () => {
    test("is nothing at first, then what was saved last, for whoever opens the place", async () => {
      const open = newPlace();
      expect(await open().load()).toBeUndefined();
      await open().save({ version: 1, closures: [], domains: [] });
      const one = open();
      await one.load();
      await one.save(board);
      expect(await open().load()).toEqual(board);
      expect(await newPlace()().load()).toBeUndefined();
    });

    test("does not change with what was handed over, or out", async () => {
      const open = newPlace();
      const own = structuredClone(board);
      await open().save(own);
      own.closures.length = 0;
      (await open().load())?.domains.splice(0);
      expect(await open().load()).toEqual(board);
    });

    test("is the last of many saves that were begun at once", async () => {
      const store = newPlace()();
      const saves = Array.from({ length: 8 }, (_, nth) => {
        const domains = [{ key: "quota:p m", limits: {}, day: "2026-11-23", count: nth }];
        return store.save({ version: 1, closures: [], domains });
      });
      await Promise.all(saves);
      expect((await store.load())?.domains).toMatchObject([{ count: 7 }]);
    });

    test("may be as large as a board gets", async () => {
      const open = newPlace();
      const many = Array.from({ length: 5_000 }, (_, nth) => nth);
      const large: StoredBoard = {
        version: 1,
        closures: many.map((nth) => ({ ...board.closures[0]!, scope: `project:${nth}` })),
        domains: many.map((nth) => ({ ...board.domains[0]!, key: `quota:${nth} m` })),
      };
      await open().save(large);
      expect(await open().load()).toEqual(large);
    });
  });

  describe(`${name}: a process that starts again`, () => {
    test.each([
      ["an ordinary day of 24 hours", "2026-11-23T08:00:00Z", 24],
      ["the day of 25 hours", "2026-11-01T07:00:00Z", 25],
      ["the day of 23 hours", "2027-03-14T08:00:00Z", 23],
    ])("counts the day on, to midnight Pacific: %s", async (_, from, hours) => {
      const open = newPlace();
      const clock = createVirtualClock({ start: Date.parse(from) });
      let sent = 0;
      const answer = (): string => `answer ${(sent += 1)}`;
      const options = { accounts: [account], limits: { "*": { rpd: 6 } }, deadline: 30 * hour };
      for (const expected of [2, 4, 6]) {
        const policy = createPolicy({ ...options, store: open() }, { clock });
        for (let nth = 0; nth < 2; nth += 1) await carry(policy, clock, answer);
        expect(sent).toBe(expected);
        await clock.advance(hour);
      }
      const store = open();
      const last = createPolicy({ ...options, store }, { clock });
      expect(await carry(last, clock, answer)).toBe("answer 7");
      expect(clock.now()).toBeGreaterThanOrEqual(hours * hour);
      expect(clock.now()).toBeLessThan(hours * hour + 5_000);
    });

    test("asks no scope again that is closed for long, and what a person closed stays so", async () => {
      const open = newPlace();
      const clock = createVirtualClock({ start: noon });
      const first = createPolicy({ accounts: [account], store: open() }, { clock });
      await carry(first, clock, throwing(unknownModel("m")));
      first.close("endpoint:elsewhere", 5 * hour);
      await first.flush();
      await clock.advance(60_000);
      const again = createPolicy(
        { accounts: [account], store: open(), deadline: 1_000 },
        { clock },
      );
      expect(await carry(again, clock, () => "asked")).toMatchObject({ reason: "all-closed" });
      expect(again.status().closed.map(({ scope }) => scope)).toEqual([
        "model:google m",
        "endpoint:elsewhere",
      ]);
      await clock.advance(hour);
      expect(await carry(again, clock, () => "asked")).toBe("asked");
    });

    test("knows the limits that were learned", async () => {
      const open = newPlace();
      const clock = createVirtualClock({ start: noon });
      const options = { accounts: [account], attempts: 1 };
      const first = createPolicy({ ...options, store: open() }, { clock });
      await carry(first, clock, throwing(quotaError({ limit: 5, retryDelay: "20s" })));
      const again = createPolicy({ ...options, store: open() }, { clock });
      await carry(again, clock, () => "ok");
      expect(again.status().domains).toMatchObject([{ limits: { rpm: 5 } }]);
    });

    test("finds out by itself what holds of the place it runs at", async () => {
      const open = newPlace();
      const clock = createVirtualClock({ start: noon });
      const first = createPolicy({ accounts: [account], store: open() }, { clock });
      await carry(first, clock, throwing(badRegion()));
      expect(first.status().closed).toMatchObject([{ kind: "region-unsupported" }]);
      const elsewhere = createPolicy({ accounts: [account], store: open() }, { clock });
      expect(await carry(elsewhere, clock, () => "asked")).toBe("asked");
    });

    test("finds no key in what was kept", async () => {
      const open = newPlace();
      const clock = createVirtualClock({ start: noon });
      const policy = createPolicy({ accounts: [account], store: open() }, { clock });
      const error = unknownModel("m");
      error.message += ` (https://x.example/?key=${account.apiKey} ${account.apiKey})`;
      await carry(policy, clock, throwing(error));
      const kept = JSON.stringify(await open().load());
      expect(kept).toContain("model-not-found");
      expect(kept).not.toContain(account.apiKey);
    });
  });
}
