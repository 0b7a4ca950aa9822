import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { expect, test } from "vitest";

import { chatModel, flash, gemini, hurriedPolicy, packages, pro } from "./support/gemini.ts";
import { turns } from "./support/turns.ts";

/** Streams in all, at once, and before memory is looked at for the first time. */
const streams = 2_000;
const atOnce = 20;
const warmUp = 500;
/** More than noise, and far less than a leak of one answer a stream would be. */
const megabytes = 8;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test(
  "two thousand streams in a storm: all answered, nothing left behind",
  { timeout: 240_000 },
  async () => {
    const simulator = await gemini({
      seed: 7,
      rules: [
        { model: pro, fault: "overload", probability: 0.2 },
        { model: pro, fault: "reset", probability: 0.1 },
        { model: pro, fault: "empty-stop", probability: 0.1 },
        { model: pro, fault: { type: "stream-error", share: 0 }, probability: 0.1 },
      ],
    });
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const policy = hurriedPolicy(simulator, { fallbacks: { [pro]: [flash] } });
    const models = packages.map((name) => chatModel(policy, name, { model: pro }));
    let started = 0;
    let answered = 0;
    const work = async (until: number): Promise<void> => {
      while (started < until) {
        const nth = (started += 1);
        let text = "";
        for await (const chunk of await models[nth % 2]!.stream(`question ${nth}`))
          text += chunk.text;
        if (text.includes(`heard: question ${nth}`)) answered += 1;
      }
    };
    const used = async (): Promise<number> => {
      simulator.log.clear();
      await turns();
      collect();
      return process.memoryUsage().heapUsed / 1e6;
    };
    const run = (until: number): Promise<unknown> =>
      Promise.all(Array.from({ length: atOnce }, () => work(until)));
    await run(warmUp);
    const before = await used();
    await run(streams);
    const after = await used();
    process.off("unhandledRejection", note);
    expect(answered).toBe(streams);
    expect(unhandled).toEqual([]);
    expect(after - before).toBeLessThan(megabytes);
  },
);
