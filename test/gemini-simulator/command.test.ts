import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../packages/gemini-simulator/src/main.ts", import.meta.url));
const run = promisify(execFile);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gemini-simulator-"));
});

afterAll(() => rm(folder, { recursive: true }));

interface Running {
  child: ChildProcessWithoutNullStreams;
  /** The next line of the output. */
  line(): Promise<string>;
  /** Sends SIGINT; the rest of the output, and the exit code. */
  stop(): Promise<{ rest: string[]; code: number | null }>;
}

function launch(...options: string[]): Running {
  const child = spawn(process.execPath, [main, "--port", "0", ...options]);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  return {
    child,
    line,
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGINT");
      const rest: string[] = [];
      for (let next = await lines.next(); !next.done; next = await lines.next())
        rest.push(next.value);
      const [code] = (await exited) as [number | null];
      return { rest, code };
    },
  };
}

async function ask(url: string): Promise<number> {
  const { status } = await fetch(
    `${url}/v1beta/models/gemini-2.5-flash:generateContent?key=very-secret`,
    {
      method: "POST",
      body: '{"contents":[{"parts":[{"text":"hi"}]}]}',
    },
  );
  return status;
}

test("the command prints a line for each request and a summary, without the key, and ends on SIGINT", async () => {
  const running = launch("--scenario", "overload-5-min");
  const url = /http:\/\/\S+/.exec(await running.line())?.[0] ?? "";
  expect(await ask(url)).toBe(503);
  expect(await running.line()).toMatch(/503 overload +key-1 +gemini-2.5-flash +generateContent/);
  const { rest, code } = await running.stop();
  expect(rest.join("\n")).toMatch(
    /^1 requests\n +1 {2}503 overload\nby model\n +1 {2}gemini-2.5-flash$/,
  );
  expect(rest.join("\n")).not.toContain("very-secret");
  expect(code).toBe(0);
});

test("with --json every line is JSON", async () => {
  const running = launch("--json");
  const { url, type } = JSON.parse(await running.line()) as { url: string; type: string };
  expect(type).toBe("start");
  expect(await ask(url)).toBe(200);
  expect(JSON.parse(await running.line())).toMatchObject({
    type: "request",
    status: 200,
    account: "key-1",
  });
  const { rest } = await running.stop();
  expect(JSON.parse(rest[0] ?? "")).toMatchObject({
    type: "summary",
    requests: 1,
    outcomes: { "200": 1 },
  });
});

test("a scenario can come from a file", async () => {
  const file = join(folder, "scenario.json");
  await writeFile(file, JSON.stringify({ name: "mine", rules: [{ fault: "internal-error" }] }));
  const running = launch("--scenario", file);
  const first = await running.line();
  expect(first).toContain("(mine)");
  expect(await ask(/http:\/\/\S+/.exec(first)?.[0] ?? "")).toBe(500);
  await running.stop();
});

test.each([
  [["--scenario", "storm"], 'There is no scenario "storm"'],
  [["--scenario", "./none.json"], "./none.json cannot be read"],
  [["--port", "70000"], "A port is a number from 0 to 65535"],
  [["--what"], "unknown option"],
])("%j ends at once with a sentence", async (options, sentence) => {
  const failure = await run(process.execPath, [main, ...options]).catch(
    (error: { stderr: string; code: number }) => error,
  );
  expect(failure).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
});

test("a bad scenario and a taken port are named", async () => {
  const file = join(folder, "bad.json");
  await writeFile(file, '{"rules":[{"fault":"overlord"}]}');
  await expect(run(process.execPath, [main, "--scenario", file])).rejects.toMatchObject({
    stderr: expect.stringContaining("rules[0].fault"),
  });
  const running = launch("--json");
  const { url } = JSON.parse(await running.line()) as { url: string };
  const { port } = new URL(url);
  await expect(run(process.execPath, [main, "--port", port])).rejects.toMatchObject({
    stderr: `Port ${port} of 127.0.0.1 is taken\n`,
  });
  await running.stop();
});
