import { promises as fs } from "node:fs";
import { dirname, resolve } from "node:path";

import {
  type Store,
  type StoredBoard,
  type StoredClosure,
  type StoredDomain,
} from "@holdfast/core";

import { draftOf, withLock } from "./file-lock.ts";
import { mergeBoards } from "./merge-boards.ts";

/** What a file store is given besides its path. */
export interface FileStoreOptions {
  /** Ms since the epoch. @default Date.now */
  now?: () => number;
}

/** What every file of ours begins with; one that begins otherwise belongs to somebody else. */
const beginning = '{"holdfast":"board",';

/**
 * A store in one file, for `createPolicy({ store })`: long closures, learned limits and the counters of the day outlive
 * the process. Every save replaces the file as a whole, so that a crash leaves the old one or the new one. Processes of
 * one host may share it: each adds what it learned and counted, and reads what the others did when it starts.
 * No key is in the file.
 * @param path - the file; its folder is made when it is missing
 */
export function fileStore(path: string, { now = Date.now }: FileStoreOptions = {}): Store {
  const file = resolve(path);
  // What this process last knew to be in the file: the difference to it is what it has to add.
  let base: StoredBoard | undefined;
  let saving: Promise<void> = Promise.resolve();
  const add = async (own: StoredBoard): Promise<void> => {
    await fs.mkdir(dirname(file), { recursive: true });
    await withLock(file, async (holder) => {
      const { board: other, foreign, trouble } = await read(file);
      if (foreign) throw new Error(trouble);
      const merged = mergeBoards({ base, own, other, now: now() });
      await replace(file, draftOf(file, holder), merged);
      base = own;
    });
  };
  return {
    async load() {
      const { board, trouble } = await read(file);
      if (trouble !== undefined) throw new Error(trouble);
      base = board;
      return board;
    },
    save(own) {
      // The caller may change what it handed over; and one after the other, whatever became of the one before.
      const copy = structuredClone(own);
      const before = saving.catch(() => {});
      saving = before.then(() => add(copy));
      return saving;
    },
  };
}

/** What stands in a file. */
interface Contents {
  board?: StoredBoard;
  /** Whether it is none of ours, so that it must not be written over. */
  foreign?: boolean;
  /** What is wrong, for a person. */
  trouble?: string;
}

async function read(file: string): Promise<Contents> {
  let text: string;
  try {
    text = await fs.readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return {};
    const trouble = `${file} cannot be read (${code ?? "unknown reason"}): see to its permissions and that it is a file`;
    return { foreign: true, trouble };
  }
  // A power cut may leave a file of the right length without its content.
  if (/^[\0\s]*$/.test(text)) return {};
  if (!text.startsWith(beginning)) {
    const trouble = `${file} was not written by a store of Holdfast, so it is left alone: give another path, or remove it`;
    return { foreign: true, trouble };
  }
  const board = parse(text);
  return board ? { board } : { trouble: `${file} is damaged and will be written anew` };
}

function parse(text: string): StoredBoard | undefined {
  try {
    const { version, closures, domains } = JSON.parse(text) as StoredBoard;
    if (version !== 1 || !closures.every(isClosure) || !domains.every(isDomain)) return undefined;
    return { version, closures, domains };
  } catch {
    return undefined;
  }
}

const isClosure = (one: StoredClosure): boolean =>
  [one.scope, one.kind, one.message].every((field) => typeof field === "string") &&
  [one.until, one.reopens ?? 0].every((field) => typeof field === "number") &&
  typeof one.probe === "boolean";

const isDomain = ({ key, limits, day, count }: StoredDomain): boolean =>
  [key, day].every((field) => typeof field === "string") &&
  [count, ...Object.values(limits)].every((field) => typeof field === "number");

/** Replaces the file in one step, which a crash cannot halve. */
async function replace(file: string, draft: string, board: StoredBoard): Promise<void> {
  try {
    const handle = await fs.open(draft, "w", 0o600);
    try {
      await handle.writeFile(`${beginning}${JSON.stringify(board).slice(1)}\n`);
      // Else the new name may reach the disk before what it stands for.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(draft, file);
  } catch (error) {
    await fs.rm(draft, { force: true });
    throw error;
  }
}
