import { createVirtualClock } from "@holdfast/gemini-simulator";
import { expect, test } from "vitest";

test("hours pass at once, in the order of their ends", async () => {
  const clock = createVirtualClock({ start: 1000 });
  const woken: [string, number][] = [];
  const sleep = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push([name, clock.wall()]);
  };
  await clock.run(
    Promise.all([sleep("late", 3_600_000), sleep("early", 10), sleep("also early", 10)]),
  );
  expect(woken).toEqual([
    ["early", 1010],
    ["also early", 1010],
    ["late", 3_601_000],
  ]);
});

test("what a sleeper does next happens before time goes on", async () => {
  const clock = createVirtualClock();
  const seen: number[] = [];
  const chain = async () => {
    await clock.sleep(5);
    for (let hop = 0; hop < 50; hop++) await Promise.resolve();
    await new Promise((resolve) => process.nextTick(resolve));
    await clock.sleep(1);
    seen.push(clock.now());
  };
  await clock.run(Promise.all([chain(), clock.sleep(7).then(() => seen.push(clock.now()))]));
  expect(seen).toEqual([6, 7]);
});

test("an aborted sleep rejects with the signal's reason and is forgotten", async () => {
  const clock = createVirtualClock();
  const controller = new AbortController();
  const sleeping = clock.sleep(60_000, controller.signal);
  expect(clock.sleeping).toBe(1);
  controller.abort("enough");
  await expect(clock.run(sleeping)).rejects.toBe("enough");
  expect([clock.sleeping, clock.now()]).toEqual([0, 0]);
  await expect(clock.sleep(1, controller.signal)).rejects.toBe("enough");
});

test("a promise that nothing will settle is reported", async () => {
  const clock = createVirtualClock({ patience: 20 });
  await expect(clock.run(new Promise(() => {}))).rejects.toThrow("never settles");
});

test("real work in between is waited for", async () => {
  const clock = createVirtualClock();
  const work = async () => {
    await new Promise((resolve) => void setTimeout(resolve, 5));
    await clock.sleep(1000);
    return clock.now();
  };
  await expect(clock.run(work())).resolves.toBe(1000);
});

test("advance stops at its moment", async () => {
  const clock = createVirtualClock();
  let woken = 0;
  void clock.sleep(10).then(() => woken++);
  void clock.sleep(20).then(() => woken++);
  await clock.advance(10);
  expect([woken, clock.now()]).toEqual([1, 10]);
  await clock.advance(100);
  expect([woken, clock.now()]).toEqual([2, 110]);
});

function draw(seed: number): number[] {
  const clock = createVirtualClock({ seed });
  return [clock.random(), clock.random(), clock.random()];
}

test("the same seed gives the same chance", () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});
