// A simulator and a policy over it, with delays that a test can afford.
import { setImmediate } from "node:timers/promises";

import {
  type Clock,
  createPolicy,
  type Policy,
  type PolicyEvent,
  type PolicyOptions,
} from "@holdfast/core";
import {
  createVirtualClock,
  startSimulator,
  type RuleInput,
  type ScenarioInput,
  type Simulator,
  type VirtualClock,
} from "@holdfast/gemini-simulator";

/** Keys that must be found in nothing. */
export const keys = {
  main: "AIzaSyMain-0123456789-0123456789-01234",
  spare: "AIzaSySpare-0123456789-0123456789-0123",
};

/** Accounts that the simulator knows by these keys. */
const simulated: NonNullable<ScenarioInput["accounts"]> = [
  { name: "main", key: keys.main },
  { name: "spare", key: keys.spare },
];

/** A policy of one or two accounts at a simulator, whose backoff is a matter of milliseconds. */
export function policyAt(
  { url }: Simulator,
  { both = false, clock, ...options }: PolicyOptions & { both?: boolean; clock?: Clock } = {},
): { policy: Policy; events: PolicyEvent[] } {
  const events: PolicyEvent[] = [];
  const main = { name: "main", apiKey: keys.main, baseURL: url };
  const policy = createPolicy(
    {
      accounts: both ? [main, { name: "spare", apiKey: keys.spare, baseURL: url }] : [main],
      backoff: { base: 1, cap: 2 },
      onEvent: (event) => events.push(event),
      ...options,
    },
    clock ? { clock } : {},
  );
  return { policy, events };
}

/** The same on a virtual clock, where what has to be waited for is over at once. */
export function policyWithoutWaits(
  server: Simulator,
  options: PolicyOptions = {},
): { policy: Policy; events: PolicyEvent[]; clock: VirtualClock } {
  const clock = createVirtualClock();
  const { policy, events } = policyAt(server, { ...options, clock });
  policy.on((event) => {
    if (event.type === "wait-start") void clock.advance(event.delay);
  });
  return { policy, events, clock };
}

/** What the simulator answers with. */
export const reply = "Hello from Gemini, at your service.";

/** A simulator that knows both accounts. */
export function simulator(scenario: ScenarioInput = {}): Promise<Simulator> {
  return startSimulator({ scenario: { accounts: simulated, reply, ...scenario } });
}

/** Starts the simulator over with things that go wrong. */
export function storm(server: Simulator, rules: RuleInput[], scenario: ScenarioInput = {}): void {
  server.reset({ accounts: simulated, reply, speed: { tokensPerChunk: 2 }, ...scenario, rules });
}

/** Resolves once so many requests have reached the simulator, however long that takes. */
export async function arrived(server: Simulator, count: number): Promise<void> {
  while (server.log.count() < count) await setImmediate();
}
