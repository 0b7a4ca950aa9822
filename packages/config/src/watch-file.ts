import { watch } from "node:fs";
import { basename, dirname } from "node:path";

/** How a watched file tells of itself. */
export interface FileListener {
  /** Ms without a further change after which a change is told. */
  settle: number;
  onChange: () => void;
  onError: (error: unknown) => void;
}

/**
 * Watches a file through its folder, so that it may be replaced as a whole, as editors and mounted volumes do.
 * @returns the function that ends it
 */
export function watchFile(file: string, { settle, onChange, onError }: FileListener): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(file), { persistent: false }, (_, name) => {
    // A mounted volume swaps a link called `..data`, and the file seems untouched.
    if (name !== null && name !== basename(file) && !name.startsWith("..")) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, settle).unref();
  });
  watcher.on("error", onError);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
