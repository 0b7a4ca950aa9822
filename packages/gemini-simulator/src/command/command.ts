import { Command, InvalidArgumentError } from "commander";

import { type LogEntry } from "../log.ts";
import { scenarioJsonSchema } from "../scenario-schema.ts";
import { scenarios } from "../scenarios.ts";
import { startSimulator } from "../server.ts";
import { describeEntry } from "./describe-entry.ts";
import { loadScenario } from "./load-scenario.ts";
import { describeSummary, summarize } from "./summarize.ts";

interface Options {
  scenario: string;
  port: number;
  host: string;
  seed?: number;
  json: boolean;
  list: boolean;
  schema: boolean;
}

/** What the command needs of the process it runs in. */
export interface Surroundings {
  print: (line: string) => void;
  /** Resolves when the user wants it to end. */
  stopped: Promise<void>;
}

/** Makes the command `gemini-simulator`. Its action rejects with an `Error` in one sentence when it cannot start. */
export function createCommand(surroundings: Surroundings): Command {
  return new Command("gemini-simulator")
    .description(
      "A Gemini that misbehaves on purpose: a server that speaks its REST API, keeps quotas and fails by script",
    )
    .option(
      "-s, --scenario <name or file>",
      "what Gemini does: the name of a scenario, or a .json file",
      "calm",
    )
    .option("-p, --port <number>", "where to listen; 0 takes a free port", readPort, 8787)
    .option("--host <address>", "which address to listen on", "127.0.0.1")
    .option(
      "--seed <number>",
      "what makes chance repeatable, instead of the scenario's own",
      readInteger,
    )
    .option("--json", "print JSON, a line for each request", false)
    .option("--list", "list the scenarios and end", false)
    .option("--schema", "print the JSON Schema of scenarios and end", false)
    .action((options: Options) => run(options, surroundings));
}

async function run(options: Options, { print, stopped }: Surroundings): Promise<void> {
  if (options.list) return print(Object.keys(scenarios).join("\n"));
  if (options.schema) return print(JSON.stringify(scenarioJsonSchema(), undefined, 2));
  const { port, host, json, seed } = options;
  const loaded = await loadScenario(options.scenario);
  const scenario = seed === undefined ? loaded : { ...loaded, seed };
  const onRequest = (entry: LogEntry): void =>
    print(json ? JSON.stringify({ type: "request", ...entry }) : describeEntry(entry));
  const simulator = await startSimulator({ scenario, port, host, onRequest });
  const { url } = simulator;
  const { name } = simulator.scenario;
  print(
    json
      ? JSON.stringify({ type: "start", url, scenario: name })
      : `Gemini is simulated at ${url} (${name}). Stop with Ctrl+C.`,
  );
  await stopped;
  const summary = summarize(simulator.log.all());
  await simulator.close();
  print(json ? JSON.stringify({ type: "summary", ...summary }) : describeSummary(summary));
}

function readPort(text: string): number {
  const port = readInteger(text);
  if (port < 0 || port > 65_535)
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return port;
}

function readInteger(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number)) throw new InvalidArgumentError("This is not a whole number.");
  return number;
}
