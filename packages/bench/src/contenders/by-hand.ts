// What people write by hand, and what they copy from tutorials.
import { type Arrival } from "../arrivals.ts";
import { type Contender, type Setting } from "../contender.ts";
import { type World } from "../world/world.ts";
import { clientError } from "./client-error.ts";

type Asks = (
  call: Arrival,
  about: { signal: AbortSignal; model?: string | undefined; turn?: number },
) => Promise<string>;

/** Requests to the model asked for; calls take the scenario's keys in turn, as people with several keys do. */
export function asker({ scenario, world }: Setting): Asks {
  const { keys } = scenario;
  return (call, { signal, model = call.model ?? scenario.model, turn = 0 }) => {
    const account = keys[(call.id + turn) % keys.length]?.account ?? "";
    return send(world, { call, model, account, signal });
  };
}

/** Sends one request; what is refused is thrown as `@google/genai` throws it. */
export async function send(world: World, ask: Parameters<World["send"]>[0]): Promise<string> {
  try {
    const { text } = await world.send(ask);
    return text;
  } catch (error) {
    throw clientError(error);
  }
}

/** Nothing at all: one request, and its error is the call's. */
export const none: Contender = {
  name: "none",
  origin: "habit",
  about: "one request per call",
  start(setting) {
    const ask = asker(setting);
    return (call, signal) => ask(call, { signal });
  },
};

/** The loop of the tutorials: five tries, `sleep(2 ** i)` when the message has a 429, 500 or 503 in it. */
export const naive: Contender = {
  name: "naive",
  origin: "habit",
  about: "for i in 0..4: try; on 429, 500 or 503 in the message sleep 2^i seconds",
  start(setting) {
    const ask = asker(setting);
    return async (call, signal) => {
      for (let tries = 0; ; tries += 1) {
        try {
          return await ask(call, { signal });
        } catch (error) {
          if (tries === 4 || !/429|500|503/.test(String(error))) throw error;
        }
        await setting.clock.sleep(2 ** tries * 1_000, signal);
      }
    };
  },
};

/** A relay that rotates: up to 60 tries, each at once with the next key. */
export const relay: Contender = {
  name: "relay",
  origin: "habit",
  about: "a rotating relay: 60 immediate retries over the keys, whatever the error",
  start(setting) {
    const ask = asker(setting);
    return async (call, signal) => {
      for (let turn = 0; ; turn += 1) {
        try {
          return await ask(call, { signal, turn });
        } catch (error) {
          if (turn === 60 || signal.aborted) throw error;
        }
      }
    };
  },
};
