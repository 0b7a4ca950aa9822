import { createPolicy, systemClock } from "@holdfast/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { setAlarm } from "../../../packages/core/src/clock.ts";
import { rejection } from "./set-up.ts";

const day = 86_400_000;

describe("the clock of the runtime", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([1, 20, 25, 30, 60, 400])("sleeps %d days, not a second less", async (days) => {
    let awake = false;
    void systemClock.sleep(days * day).then(() => (awake = true));
    await vi.advanceTimersByTimeAsync(days * day - 1_000);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(awake).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("rings an alarm that is a month away on its day", async () => {
    const ring = vi.fn<() => void>();
    setAlarm(systemClock, 31 * day, ring);
    await vi.advanceTimersByTimeAsync(31 * day - 1_000);
    expect(ring).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ring).toHaveBeenCalledOnce();
  });

  test("drops an alarm that is called off, however far away", async () => {
    const ring = vi.fn<() => void>();
    for (const ms of [10, 31 * day]) setAlarm(systemClock, ms, ring).callOff();
    await vi.advanceTimersByTimeAsync(40 * day);
    expect(ring).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("rejects a sleep of a month at once when its signal aborts, and leaves no timer", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const sleep = systemClock.sleep(31 * day, controller.signal);
    const seen = rejection(sleep);
    await vi.advanceTimersByTimeAsync(26 * day);
    controller.abort(reason);
    expect(await seen).toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
    await expect(systemClock.sleep(1, controller.signal)).rejects.toBe(reason);
  });

  test("lets a call wait for a scope that is closed for a month, and wakes it neither early nor often", async () => {
    const policy = createPolicy({ deadline: 60 * day });
    policy.close("endpoint:google", 30 * day);
    const take = vi.fn<() => string>(() => "at last");
    const call = policy.execute(take, { model: "m" });
    await vi.advanceTimersByTimeAsync(30 * day - 1_000);
    expect(take).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await call).trace.waits).toHaveLength(1);
    expect(take).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });
});
