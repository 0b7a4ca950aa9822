import { request } from "node:http";

import { type Simulator, startSimulator } from "@holdfast/gemini-simulator";
import { afterEach, beforeEach, expect, test } from "vitest";

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator();
});

afterEach(() => simulator.close());

function control(path: string, method = "GET", body?: unknown): Promise<Response> {
  return fetch(`${simulator.url}/_simulator${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function generate(): Promise<number> {
  const { status } = await fetch(
    `${simulator.url}/v1beta/models/gemini-2.5-flash:generateContent?key=secret-key`,
    {
      method: "POST",
      body: '{"contents":[{"parts":[{"text":"hi"}]}]}',
    },
  );
  return status;
}

/** A request whose Host header is not that of the machine. */
function askAs(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { port } = simulator;
    const asking = request(
      { host: "127.0.0.1", port, path: "/_simulator/log", headers: { host } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asking.on("error", reject);
    asking.end();
  });
}

test("the log tells what arrived, by query too, and never the key", async () => {
  await generate();
  await fetch(`${simulator.url}/v1beta/models?key=secret-key`);
  const response = await control("/log?operation=generateContent&status=200&stream=false");
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject([{ account: "key-1", model: "gemini-2.5-flash" }]);
  expect(text).not.toContain("secret-key");
  await control("/log", "DELETE");
  expect(await (await control("/log")).json()).toEqual([]);
});

test("the scenario can be replaced by another one or by a name, and is checked", async () => {
  expect(await generate()).toBe(200);
  const replaced = await control("/scenario", "PUT", {
    rules: [{ fault: "overload", until: 1000 }],
  });
  expect(replaced.status).toBe(200);
  expect(await generate()).toBe(503);
  await control("/advance", "POST", { ms: 1000 });
  expect(await generate()).toBe(200);
  await control("/reset", "POST");
  expect(await generate()).toBe(503);
  await control("/scenario", "PUT", "calm");
  expect(await generate()).toBe(200);
  const bad = await control("/scenario", "PUT", { rules: [{ fault: "overlord" }] });
  expect(bad.status).toBe(400);
  expect(await bad.text()).toContain("rules[0].fault");
});

test("nobody but this machine is listened to", async () => {
  expect(await askAs("127.0.0.1")).toBe(200);
  expect(await askAs("localhost:1234")).toBe(200);
  expect(await askAs("evil.example")).toBe(403);
  const page = await fetch(`${simulator.url}/_simulator/reset`, {
    method: "POST",
    headers: { origin: "https://evil.example" },
  });
  expect(page.status).toBe(403);
});

test("a path that is none gets an answer", async () => {
  expect((await control("/nothing")).status).toBe(404);
  const unknown = await fetch(`${simulator.url}/v1beta/nothing`);
  expect(unknown.status).toBe(404);
  expect(await unknown.text()).toContain("/v1beta/nothing");
});

test("a taken port is named", async () => {
  await expect(startSimulator({ port: simulator.port })).rejects.toThrow(
    `Port ${simulator.port} of 127.0.0.1 is taken`,
  );
});

test("close ends what hangs", async () => {
  simulator.reset({ rules: [{ fault: "hang" }] });
  const hanging = generate().catch((error: Error) => error.name);
  await expect.poll(() => simulator.log.count()).toBe(1);
  await simulator.close();
  expect(await hanging).toBe("TypeError");
});
