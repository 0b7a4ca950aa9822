import { setImmediate } from "node:timers/promises";

/** Lets what is under way go on for a while: enough turns for a request on loopback, or an unhandled rejection, to show. */
export async function turns(count = 50): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}
