import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { fileStore } from "@holdfast/config";
import { memoryStore } from "@holdfast/core";
import { afterAll } from "vitest";

import { storeContract } from "./store-contract.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-stores-"));
afterAll(() => rmSync(folder, { recursive: true }));

let places = 0;

storeContract("memoryStore", () => {
  const store = memoryStore();
  return () => store;
});

storeContract("fileStore", () => {
  const path = join(folder, `place-${(places += 1)}`, "board.json");
  // The boards of the contract live in a time of their own.
  return () => fileStore(path, { now: () => 0 });
});
