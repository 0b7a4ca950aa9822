// One writer at a time, over all processes of a host: a file that only one of them can create.
import { randomUUID } from "node:crypto";
import { promises as fs } from "node:fs";
import { promises as timers } from "node:timers";

/** A lock this old, in ms, was left by a process that died: what it guards takes milliseconds. */
const stale = 10_000;
/** How long to try, and how often, in ms. */
const patience = 5_000;
const step = 15;

/** Where the holder of a lock writes before the file itself is replaced. */
export const draftOf = (file: string, holder: string): string => `${file}.${holder}.tmp`;

/**
 * Does `work` while no other process does, and tells it the holder's name.
 * @throws Error when another holds the lock for too long, or the folder cannot be written to
 */
export async function withLock(
  file: string,
  work: (holder: string) => Promise<void>,
): Promise<void> {
  const lock = `${file}.lock`;
  const holder = randomUUID();
  for (let waited = 0; !(await take(lock, holder)); waited += step) {
    if (await isStale(lock)) await clear(file, lock);
    else if (waited >= patience)
      throw new Error(`${lock} is held by another process: remove it if there is none`);
    else await timers.setTimeout(step);
  }
  try {
    await work(holder);
  } finally {
    await fs.rm(lock, { force: true });
  }
}

async function take(lock: string, holder: string): Promise<boolean> {
  try {
    await fs.writeFile(lock, holder, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(lock: string): Promise<boolean> {
  try {
    return Date.now() - (await fs.stat(lock)).mtimeMs > stale;
  } catch {
    // Gone meanwhile: it can be taken.
    return false;
  }
}

/** Takes away what a process left that died while it wrote. */
async function clear(file: string, lock: string): Promise<void> {
  const holder = await fs.readFile(lock, "utf8").catch(() => "");
  if (/^[\w-]+$/.test(holder)) await fs.rm(draftOf(file, holder), { force: true });
  await fs.rm(lock, { force: true });
}
