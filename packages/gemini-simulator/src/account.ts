import { type FaultInput } from "./faults/index.ts";
import { hashText } from "./random.ts";
import { type GeminiRequest, type Call } from "./request.ts";
import { type Scenario } from "./scenario.ts";

/** Who asks. */
export interface Caller {
  /** The key as it came; empty when none did. */
  key: string;
  /** Stands for the key everywhere else; `undefined` without a key or with an unknown one. */
  account: string | undefined;
  project: string | undefined;
  /** What this caller meets, whatever it asks. */
  fault: FaultInput | undefined;
}

/** Finds out who asks, by the key in the header, in the query or as a bearer token. */
export function identify(call: Call, scenario: Scenario, keyNames: Map<string, string>): Caller {
  const { key, bearer } = readKey(call);
  const nobody = { key, account: undefined, project: undefined };
  if (key === "") return { ...nobody, fault: bearer ? "unsupported-token" : "unregistered-caller" };
  if (scenario.accounts.length === 0) {
    const name = keyNames.get(key) ?? `key-${keyNames.size + 1}`;
    keyNames.set(key, name);
    return { key, account: name, project: name, fault: endpointFault(call, scenario) };
  }
  const account = scenario.accounts.find((candidate) => candidate.key === key);
  if (account === undefined) return { ...nobody, fault: "invalid-key" };
  const project = account.project ?? account.name;
  const fault =
    (isGoodAt(call, scenario, account.name) ? undefined : "invalid-key") ??
    account.fault ??
    scenario.projects.find(({ name }) => name === project)?.fault ??
    endpointFault(call, scenario);
  return { key, account: account.name, project, fault };
}

function endpointFault(call: Call, scenario: Scenario): FaultInput | undefined {
  return scenario.endpoints.find(({ name }) => name === call.endpoint)?.fault;
}

function isGoodAt(call: Call, scenario: Scenario, account: string): boolean {
  const accounts = scenario.endpoints.find(({ name }) => name === call.endpoint)?.accounts;
  return accounts === undefined || accounts.includes(account);
}

function readKey({ request, query }: Call): { key: string; bearer: boolean } {
  const key = header(request, "x-goog-api-key") ?? query.get("key") ?? "";
  return { key, bearer: key === "" && header(request, "authorization") !== undefined };
}

function header(request: GeminiRequest, name: string): string | undefined {
  const value = request.headers[name];
  return value === "" ? undefined : value;
}

/** A number for a project, as Google gives them. */
export function projectNumber(project: string | undefined): string {
  return String(100_000_000_000 + hashText(project ?? "nobody"));
}
