import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type WatchedPolicy, watchPolicy } from "@holdfast/config";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

// What the platform tells of a folder is told by the tests.
vi.mock("node:fs", async (original) => ({
  ...(await original<object>()),
  watch: vi.fn<typeof watch>(),
}));

class Watcher extends EventEmitter {
  closed = false;
  close(): void {
    this.closed = true;
  }
}

let folder: string;
let file: string;
let watcher: Watcher;
let policy: WatchedPolicy;
let reloads: number;
let errors: unknown[];

/** The platform says that something happened to a name in the folder. */
function happen(name: string | null): void {
  const [, , listener] = vi.mocked(watch).mock.lastCall as unknown as [
    string,
    object,
    (type: string, name: string | null) => void,
  ];
  listener("change", name);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  folder = mkdtempSync(join(tmpdir(), "holdfast-watch-"));
  file = join(folder, "holdfast.yaml");
  writeFileSync(file, "patience: 5s");
  watcher = new Watcher();
  vi.mocked(watch).mockReturnValue(watcher as never);
  [reloads, errors] = [0, []];
  policy = watchPolicy(file, {
    onReload: () => {
      reloads += 1;
    },
    onError: (error) => errors.push(error),
  });
});

afterEach(() => {
  policy.stop();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

describe("following a file", () => {
  test("reads it once the changes have settled", () => {
    writeFileSync(file, "patience: 7s");
    happen("holdfast.yaml");
    vi.advanceTimersByTime(99);
    happen("holdfast.yaml");
    vi.advanceTimersByTime(99);
    expect(reloads).toBe(0);
    vi.advanceTimersByTime(1);
    expect(reloads).toBe(1);
    expect(policy.settings.patience).toBe(7_000);
  });

  test.each(["holdfast.yaml", "..data", null])("listens to what happens to %s", (name) => {
    writeFileSync(file, "patience: 7s");
    happen(name);
    vi.advanceTimersByTime(100);
    expect(reloads).toBe(1);
  });

  test("does not listen to the rest of the folder, nor to changes without a difference", () => {
    writeFileSync(file, "patience: 7s");
    happen("access.log");
    vi.advanceTimersByTime(100);
    writeFileSync(file, "patience: 5s");
    happen("holdfast.yaml");
    vi.advanceTimersByTime(100);
    expect(reloads).toBe(0);
  });

  test("reports a wrong file once, and follows it further", () => {
    writeFileSync(file, "patience: soon");
    for (let nth = 0; nth < 3; nth += 1) {
      happen("holdfast.yaml");
      vi.advanceTimersByTime(100);
    }
    expect(errors).toHaveLength(1);
    expect(policy.settings.patience).toBe(5_000);
    writeFileSync(file, "patience: 9s");
    happen("holdfast.yaml");
    vi.advanceTimersByTime(100);
    expect(policy.settings.patience).toBe(9_000);
  });

  test("reports that watching itself failed", () => {
    const error = new Error("too many files are watched");
    watcher.emit("error", error);
    expect(errors).toStrictEqual([error]);
  });

  test("does not keep the process alive", () => {
    expect(vi.mocked(watch).mock.lastCall?.slice(0, 2)).toStrictEqual([
      folder,
      { persistent: false },
    ]);
  });

  test("ends when it is told to, with what was about to be read", () => {
    writeFileSync(file, "patience: 7s");
    happen("holdfast.yaml");
    policy.stop();
    vi.advanceTimersByTime(1_000);
    expect(watcher.closed).toBe(true);
    expect(reloads).toBe(0);
    expect(policy.settings.patience).toBe(5_000);
  });
});
