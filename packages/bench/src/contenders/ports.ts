// Published algorithms written anew, where the original is another language or an application. Their parameters are
// those of the sources named with each.
import { type Arrival } from "../arrivals.ts";
import { type Contender, type Serve, type Setting } from "../contender.ts";
import { sequence } from "../random.ts";
import { send } from "./by-hand.ts";

interface Refusal {
  status: number;
  text: string;
}

function read(error: unknown): Refusal {
  const { status = 0, message = "" } = error as { status?: number; message?: string };
  return { status, text: message };
}

interface Deployment {
  model: string;
  account: string;
  cooldownUntil: number;
  /** Of the current minute. */
  minute: number;
  failures: number;
  requests: number;
}

/** LiteLLM's Router: shuffle over the healthy deployments, two retries, cooldown of 5 s, then the fallback group. */
class LiteLlmRouter {
  readonly #setting: Setting;
  readonly #random: () => number;
  readonly #deployments: Deployment[];

  constructor(setting: Setting) {
    const { scenario, seed } = setting;
    this.#setting = setting;
    this.#random = sequence(seed, 41);
    const models =
      scenario.fallback === undefined ? [scenario.model] : [scenario.model, scenario.fallback];
    this.#deployments = models.flatMap((model) =>
      scenario.keys.map(({ account }) => ({
        model,
        account,
        cooldownUntil: 0,
        minute: 0,
        failures: 0,
        requests: 0,
      })),
    );
  }

  async serve(call: Arrival, signal: AbortSignal): Promise<string> {
    const { model, fallback } = this.#setting.scenario;
    // A name that the router does not know passes through to the provider.
    if (call.model !== undefined)
      return send(this.#setting.world, {
        call,
        model: call.model,
        account: this.#deployments[0]?.account ?? "",
        signal,
      });
    try {
      return await this.#group(model, call, signal);
    } catch (error) {
      if (fallback === undefined || signal.aborted) throw error;
      return this.#group(fallback, call, signal);
    }
  }

  async #group(model: string, call: Arrival, signal: AbortSignal): Promise<string> {
    const { clock } = this.#setting;
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#once(model, call, signal);
      } catch (error) {
        const { status } = read(error);
        const group = this.#deployments.filter((one) => one.model === model);
        const hopeless = status === 404 || status === 400 || (status === 401 && group.length === 1);
        if (tries === 2 || hopeless || signal.aborted) throw error;
        const delay =
          this.#healthy(model).length > 1
            ? 0
            : Math.min(500 * 2 ** tries, 8_000) + 750 * this.#random();
        await clock.sleep(delay, signal);
      }
    }
  }

  #healthy(model: string): Deployment[] {
    const now = this.#setting.clock.now();
    return this.#deployments.filter((one) => one.model === model && one.cooldownUntil <= now);
  }

  async #once(model: string, call: Arrival, signal: AbortSignal): Promise<string> {
    const healthy = this.#healthy(model);
    const chosen = healthy[Math.floor(this.#random() * healthy.length)];
    if (!chosen) throw Object.assign(new Error("No deployments available"), { status: 429 });
    const minute = Math.floor(this.#setting.clock.now() / 60_000);
    if (chosen.minute !== minute) Object.assign(chosen, { minute, failures: 0, requests: 0 });
    chosen.requests += 1;
    try {
      return await send(this.#setting.world, { call, model, account: chosen.account, signal });
    } catch (error) {
      chosen.failures += 1;
      this.#cool(chosen, read(error).status);
      throw error;
    }
  }

  #cool(one: Deployment, status: number): void {
    const alone = this.#deployments.filter(({ model }) => model === one.model).length === 1;
    const share = one.failures / one.requests;
    const failing = alone ? share === 1 && one.requests >= 1_000 : share > 0.5 && one.requests >= 5;
    const stated = !alone && [401, 404, 408, 429].includes(status);
    if (failing || stated) one.cooldownUntil = this.#setting.clock.now() + 5_000;
  }
}

/** LiteLLM, as of the middle of 2026. */
export const litellm: Contender = {
  name: "litellm",
  origin: "port",
  about: "LiteLLM's Router: simple-shuffle, num_retries 2, cooldown 5 s, fallback group",
  start(setting) {
    const router = new LiteLlmRouter(setting);
    return (call, signal) => router.serve(call, signal);
  },
};

/** The delay a refusal asks for, in ms. */
function hintOf(text: string): number | undefined {
  const [, seconds] = /"retryDelay":\s*"([\d.]+)s"/.exec(text) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

const isTerminal = ({ status, text }: Refusal): boolean =>
  status === 400 ||
  status === 401 ||
  status === 403 ||
  status === 404 ||
  (status === 429 && (/PerDay|Daily|limit: 0\b/.test(text) || (hintOf(text) ?? 0) > 300_000));

function geminiCliServe(setting: Setting): Serve {
  const { scenario, clock, seed } = setting;
  const random = sequence(seed, 42);
  const attempts = async (model: string, call: Arrival, signal: AbortSignal): Promise<string> => {
    let current = 5_000;
    for (let tries = 1; ; tries += 1) {
      try {
        const account = scenario.keys[call.id % scenario.keys.length]?.account ?? "";
        return await send(setting.world, { call, model, account, signal });
      } catch (error) {
        const refusal = read(error);
        if (tries === 10 || isTerminal(refusal) || signal.aborted) throw error;
        const hint = refusal.status === 429 ? (hintOf(refusal.text) ?? 60_000) : undefined;
        const delay =
          hint === undefined
            ? current * (0.7 + 0.6 * random())
            : Math.max(current, hint) * (1 + 0.2 * random());
        await clock.sleep(delay, signal);
        current = Math.min(30_000, current * 2);
      }
    }
  };
  return async (call, signal) => {
    try {
      return await attempts(call.model ?? scenario.model, call, signal);
    } catch (error) {
      const quotaGone = read(error).status === 429 && isTerminal(read(error));
      if (scenario.fallback === undefined || !quotaGone || signal.aborted) throw error;
      return attempts(scenario.fallback, call, signal);
    }
  };
}

/** gemini-cli's retry loop: the best reader of Gemini's refusals among the peers. */
export const geminiCli: Contender = {
  name: "gemini-cli",
  origin: "port",
  about:
    "gemini-cli: 10 attempts, 5 s doubling to 30 s, RetryInfo honoured, quotas of the day lead to the fallback",
  start: geminiCliServe,
};

/** gpt-load's rotation: at once with the next key, three strikes and a key is out for an hour. */
export const gptLoad: Contender = {
  name: "gpt-load",
  origin: "port",
  about: "gpt-load: next key at once, 3 retries, 3 failures retire a key for an hour",
  start(setting) {
    const { scenario, clock, world } = setting;
    const keys = scenario.keys.map(({ account }) => ({ account, failures: 0, outUntil: 0 }));
    let turn = 0;
    return async (call, signal) => {
      for (let tries = 0; ; tries += 1) {
        const usable = keys.filter(({ outUntil }) => outUntil <= clock.now());
        const key = usable[turn % usable.length];
        turn += 1;
        if (!key) throw Object.assign(new Error("no active keys"), { status: 503 });
        try {
          return await send(world, {
            call,
            model: call.model ?? scenario.model,
            account: key.account,
            signal,
          });
        } catch (error) {
          key.failures += 1;
          if (key.failures >= 3)
            Object.assign(key, { failures: 0, outUntil: clock.now() + 3_600_000 });
          if (tries === 3 || signal.aborted) throw error;
        }
      }
    };
  },
};
