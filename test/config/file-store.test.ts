import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { fileStore } from "@holdfast/config";
import { createPolicy, type PolicyEvent, type StoredBoard } from "@holdfast/core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

const root = mkdtempSync(join(tmpdir(), "holdfast-file-store-"));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
let path: string;
let count = 0;
beforeEach(() => {
  folder = join(root, `${(count += 1)}`);
  path = join(folder, "board.json");
  mkdirSync(folder);
});

const day = "2026-11-23";
const domain = (key: string, requests: number): StoredBoard["domains"][number] => ({
  key: `quota:${key} m`,
  limits: { rpm: 5 },
  day,
  count: requests,
});
const closure = (scope: string, until = 9e15): StoredBoard["closures"][number] => ({
  scope,
  kind: "model-not-found",
  until,
  probe: true,
  message: "",
});
const boardOf = (part: Partial<StoredBoard>): StoredBoard => ({
  version: 1,
  closures: [],
  domains: [],
  ...part,
});

/** Makes a call under a policy that keeps its board in `path`, and tells what the policy warned of. */
async function callOnce(): Promise<string[]> {
  const events: PolicyEvent[] = [];
  const policy = createPolicy({ store: fileStore(path), onEvent: (event) => events.push(event) });
  expect((await policy.execute(() => "ok", { model: "m" })).value).toBe("ok");
  await policy.flush();
  return events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
}

describe("a file that cannot be read as a board", () => {
  test.each([
    ["somebody else's JSON", '{ "name": "my-app" }'],
    ["something else altogether", "GEMINI_API_KEY=AIzaSyFake"],
  ])("is left alone, is warned of, and costs no call: %s", async (_, text) => {
    writeFileSync(path, text);
    const warnings = await callOnce();
    expect(warnings).toHaveLength(2);
    for (const warning of warnings) {
      expect(warning).toContain(`${path} was not written by a store of Holdfast`);
      expect(warning).not.toContain("AIza");
    }
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readdirSync(folder)).toEqual(["board.json"]);
  });

  test.each([
    ["cut off", '{"holdfast":"board","version":1,"clos'],
    ["of another version", '{"holdfast":"board","version":7,"closures":[],"domains":[]}'],
    ["with nonsense in it", '{"holdfast":"board","version":1,"closures":[{}],"domains":[]}'],
    [
      "with a limit that is no number",
      '{"holdfast":"board","version":1,"closures":[],"domains":[{"key":"k","limits":{"rpm":"5"},"day":"d","count":1}]}',
    ],
  ])("begins anew with a warning where it was ours: %s", async (_, text) => {
    writeFileSync(path, text);
    expect(await callOnce()).toEqual([expect.stringContaining(`${path} is damaged`)]);
    expect(await callOnce()).toEqual([]);
    expect((await fileStore(path).load())?.domains).toMatchObject([{ count: 2 }]);
  });

  test("begins anew without a word where a power cut left it empty", async () => {
    for (const text of ["", "\0\0\0\0"]) {
      writeFileSync(path, text);
      expect(await callOnce()).toEqual([]);
    }
  });

  test("is warned of where it is a folder, and costs no call", async () => {
    mkdirSync(path);
    expect(await callOnce()).toEqual([
      expect.stringContaining("cannot be read (EISDIR)"),
      expect.stringContaining("cannot be read (EISDIR)"),
    ]);
  });
});

describe("a file of boards", () => {
  test("is made with its folder, for its owner alone, and leaves nothing beside it", async () => {
    path = join(folder, "deep", "er", "board.json");
    await fileStore(path).save(boardOf({}));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "deep", "er"))).toEqual(["board.json"]);
  });

  test("keeps what several processes know: the requests of all, the closures of each", async () => {
    const [one, other] = [fileStore(path), fileStore(path)];
    await one.save(boardOf({ domains: [domain("p", 3)], closures: [closure("model:a")] }));
    await other.load();
    await other.save(boardOf({ domains: [domain("p", 5)], closures: [closure("model:b")] }));
    await one.save(boardOf({ domains: [domain("p", 4)], closures: [closure("model:c", 8e15)] }));
    const { domains, closures } = (await fileStore(path).load())!;
    expect(domains).toEqual([domain("p", 6)]);
    // `other` had loaded `model:a` and opened it, and `one` knows of it no more either.
    expect(closures.map(({ scope }) => scope).toSorted()).toEqual(["model:b", "model:c"]);
  });

  test("keeps the longer of two closures, and none that is over", async () => {
    const [one, other] = [fileStore(path, { now: () => 500 }), fileStore(path, { now: () => 500 })];
    await one.save(boardOf({ closures: [closure("model:a", 900), closure("model:over", 400)] }));
    await other.save(boardOf({ closures: [closure("model:a", 700)] }));
    expect((await other.load())?.closures).toEqual([closure("model:a", 900)]);
  });

  test("begins a new day at nothing, and forgets domains of which it knows no limit", async () => {
    const store = fileStore(path);
    const past = { ...domain("p", 9), limits: {} };
    await store.save(boardOf({ domains: [past, domain("q", 9)] }));
    const today = { ...domain("q", 1), day: "2026-11-24" };
    await store.save(boardOf({ domains: [today] }));
    expect((await store.load())?.domains).toEqual([today]);
  });

  test("is taken over from a process that died while it wrote", async () => {
    writeFileSync(`${path}.lock`, "dead-process");
    writeFileSync(`${path}.dead-process.tmp`, "half a bo");
    const past = new Date(Date.now() - 60_000);
    utimesSync(`${path}.lock`, past, past);
    await fileStore(path).save(boardOf({ domains: [domain("p", 1)] }));
    expect(readdirSync(folder)).toEqual(["board.json"]);
  });
});

const program = fileURLToPath(new URL("programs/save-often.ts", import.meta.url));

/** A process that saves again and again, and has done so once. */
async function saver(name: string, ...rounds: number[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, path, name, ...rounds.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("processes of one host", () => {
  test("share a file without losing a request of the day", async () => {
    const names = ["a", "b", "c"];
    const children = await Promise.all(names.map((name) => saver(name, 20)));
    for (const child of children) if (child.exitCode === null) await once(child, "exit");
    expect(children.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const { domains } = (await fileStore(path).load())!;
    const counts = Object.fromEntries(domains.map(({ key, count: sum }) => [key, sum]));
    expect(counts).toEqual({
      "quota:shared m": 60,
      "quota:a m": 20,
      "quota:b m": 20,
      "quota:c m": 20,
    });
    expect(readdirSync(folder)).toEqual(["board.json"]);
  });

  test("may be killed at any moment: a whole board is left", async () => {
    for (let nth = 0; nth < 3; nth += 1) {
      const child = await saver(`k${nth}`);
      const before = statSync(path).mtimeMs;
      while (statSync(path).mtimeMs === before) await new Promise((next) => setImmediate(next));
      child.kill("SIGKILL");
      await once(child, "exit");
      expect((await fileStore(path).load())?.domains.length).toBeGreaterThan(nth);
      // What guards the file would be given up after a while; tests do not wait for that.
      if (existsSync(`${path}.lock`)) utimesSync(`${path}.lock`, 0, 0);
    }
    await fileStore(path).save(boardOf({}));
    expect(readdirSync(folder)).toEqual(["board.json"]);
  });
});
