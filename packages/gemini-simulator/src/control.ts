import { type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";

import { type LogQuery } from "./log.ts";
import { type ScenarioInput } from "./scenario.ts";
import { type ScenarioName } from "./scenarios.ts";
import { type Simulator } from "./server.ts";

/** What the control API may do with a simulator. */
export type Controlled = Pick<Simulator, "log" | "scenario" | "reset" | "advance">;

const localHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const localAddresses: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** The API by which another process steers a simulator: from the same machine only, and not from a web page. */
export function createControl(simulator: Controlled): Hono<{ Bindings: HttpBindings }> {
  const control = new Hono<{ Bindings: HttpBindings }>();
  control.use(async ({ req, env, json }, next) => {
    const { remoteAddress = "" } = env.incoming.socket;
    const host = (req.header("host") ?? "").replace(/:\d+$/, "");
    const isLocal =
      localAddresses.has(remoteAddress) &&
      localHosts.has(host) &&
      req.header("origin") === undefined;
    if (!isLocal)
      return json(
        { error: "The control API answers only to this machine, by the name of localhost" },
        403,
      );
    await next();
    return undefined;
  });
  control.get("/log", ({ req, json }) => json(simulator.log.all(readQuery(req.query()))));
  control.delete("/log", ({ json }) => {
    simulator.log.clear();
    return json({});
  });
  control.get("/scenario", ({ json }) => json(simulator.scenario));
  control.put("/scenario", async ({ req, json }) => {
    simulator.reset(await req.json<ScenarioInput | ScenarioName>());
    return json(simulator.scenario);
  });
  control.post("/reset", ({ json }) => {
    simulator.reset();
    return json({});
  });
  control.post("/advance", async ({ req, json }) => {
    const { ms } = await req.json<{ ms?: unknown }>();
    if (typeof ms !== "number" || !(ms >= 0))
      throw new TypeError('Expected {"ms": <milliseconds>}');
    simulator.advance(ms);
    return json({});
  });
  control.notFound(({ json }) =>
    json({ error: "The control API has /log, /scenario, /reset and /advance" }, 404),
  );
  control.onError((error, { json }) => json({ error: error.message }, 400));
  return control;
}

const scalars: Readonly<Record<string, unknown>> = { true: true, false: false };

/** What a query string asks of the log: numbers and truth values by their text. */
function readQuery(query: Record<string, string>): LogQuery {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, readScalar(value)]),
  );
}

function readScalar(text: string): unknown {
  return scalars[text] ?? (/^\d+$/.test(text) ? Number(text) : text);
}
