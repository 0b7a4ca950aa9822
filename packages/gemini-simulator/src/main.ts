#!/usr/bin/env node
import { createCommand } from "./command/command.ts";

const stopped = new Promise<void>((resolve) => {
  process.once("SIGINT", () => resolve());
  process.once("SIGTERM", () => resolve());
});

try {
  await createCommand({
    print: (line) => void process.stdout.write(`${line}\n`),
    stopped,
  }).parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
