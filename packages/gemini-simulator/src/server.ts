import { type IncomingMessage, type Server } from "node:http";
import { type AddressInfo } from "node:net";

import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";

import { type Clock, realClock } from "./clock.ts";
import { type Controlled, createControl } from "./control.ts";
import { createGemini, type Gemini } from "./gemini.ts";
import { type LogEntry, type RequestLog } from "./log.ts";
import { type GeminiRequest } from "./request.ts";
import { type Scenario, type ScenarioInput } from "./scenario.ts";
import { type ScenarioName } from "./scenarios.ts";
import { sendAnswer } from "./send-answer.ts";

/** Where and how a simulator runs. */
export interface SimulatorOptions {
  /** What Gemini does: a scenario, or the name of one that comes with the simulator. @default "calm" */
  scenario?: ScenarioInput | ScenarioName;
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** @default "127.0.0.1" */
  host?: string;
  /** @default the clock of the machine */
  clock?: Clock;
  /** Told of every request, once its answer is decided. */
  onRequest?: (entry: LogEntry) => void;
}

/** A running simulator. */
export interface Simulator {
  /** The base URL without a version, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  /** What arrived. */
  readonly log: RequestLog;
  /** What it does at present. */
  readonly scenario: Scenario;
  /** Forgets usage, counts and log, and starts over: with another scenario, if one is given. A bad one is a `TypeError`. */
  readonly reset: (scenario?: ScenarioInput | ScenarioName) => void;
  /** Lets the scenario's time (quota windows, time windows of rules) jump forward by milliseconds. */
  readonly advance: (ms: number) => void;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

/** Starts a simulator on a port. Rejects when the port is taken; a bad scenario is a `TypeError`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { scenario = {}, port = 0, host = "127.0.0.1", clock = realClock, onRequest } = options;
  const gemini = createGemini(scenario, { ...(onRequest && { onRequest }) });
  const stopped = new AbortController();
  const controlled = createControlled(gemini, clock);
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.route("/_simulator", createControl(controlled));
  app.all("*", async ({ req, env }) => {
    const request = await readRequest(env.incoming, () => req.text());
    const answer = gemini.handle(request, controlled.wall());
    await sendAnswer(answer, env.outgoing, { clock, stopped: stopped.signal });
    return RESPONSE_ALREADY_SENT;
  });
  app.onError((error, { env }) => {
    // Only a request that was never read to its end fails: whoever sent it has gone.
    env.outgoing.destroy(error);
    return RESPONSE_ALREADY_SENT;
  });
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host }) as Server;
  // Idle connections of a client that pools them shall not end just as it asks again.
  server.keepAliveTimeout = 120_000;
  await listen(server, port, host);
  gemini.start(controlled.wall());
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    port: bound,
    log: gemini.log,
    get scenario() {
      return gemini.scenario;
    },
    reset: controlled.reset,
    advance: controlled.advance,
    close() {
      stopped.abort();
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

/** A Gemini whose time can be made to jump. */
function createControlled(gemini: Gemini, clock: Clock): Controlled & { wall: () => number } {
  let ahead = 0;
  const wall = (): number => clock.wall() + ahead;
  return {
    wall,
    log: gemini.log,
    get scenario() {
      return gemini.scenario;
    },
    reset: (next) => {
      gemini.reset(next);
      gemini.start(wall());
    },
    advance: (ms) => {
      ahead += ms;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} of ${host} is taken`, { cause: error })
          : error,
      );
    });
    server.listen(port, host, () => resolve());
  });
}

async function readRequest(
  incoming: IncomingMessage,
  text: () => Promise<string>,
): Promise<GeminiRequest> {
  const { method = "GET", url = "/" } = incoming;
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return { method, url, headers, body: method === "GET" ? "" : await text() };
}
