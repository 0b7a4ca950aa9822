import { type FaultInput } from "./faults/index.ts";
import { matches } from "./pattern.ts";
import { hashText } from "./random.ts";
import { type Call } from "./request.ts";
import { type Resources } from "./resources.ts";
import { type AccountInput, type Scenario } from "./scenario.ts";

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

/** What is remembered about who asks. */
export interface IdentityState {
  scenario: Scenario;
  keyNames: Map<string, string>;
  resources: Resources;
}

/** Finds out who asks, by the key in the header, in the query or as a bearer token. */
export function identify(call: Call, state: IdentityState): Caller {
  const { scenario, resources } = state;
  const upload = resources.uploads.get(call.query.get("upload_id") ?? "");
  if (upload !== undefined)
    return { key: "", account: undefined, project: upload.project, fault: undefined };
  const { key, refusal } = readKey(call);
  const nobody = { key, account: undefined, project: undefined };
  if (refusal !== undefined) return { ...nobody, fault: refusal };
  const account = accountOf(key, state);
  if (account === undefined || !isGoodAt(call, scenario, account.name))
    return { ...nobody, fault: "invalid-key" };
  const project = account.project ?? account.name;
  const fault = account.fault ?? projectFault(scenario, project) ?? endpointFault(call, scenario);
  return { key, account: account.name, project, fault };
}

/** The account of a key: the declared one, or one made up where none are declared. */
function accountOf(
  key: string,
  { scenario, keyNames }: IdentityState,
): Omit<AccountInput, "key"> | undefined {
  if (scenario.accounts.length > 0) return scenario.accounts.find((account) => account.key === key);
  const name = keyNames.get(key) ?? `key-${keyNames.size + 1}`;
  keyNames.set(key, name);
  return { name };
}

function projectFault(scenario: Scenario, project: string): FaultInput | undefined {
  return scenario.projects.find(({ name }) => matches(name, project))?.fault;
}

function endpointFault(call: Call, scenario: Scenario): FaultInput | undefined {
  return scenario.endpoints.find(({ name }) => name === call.endpoint)?.fault;
}

function isGoodAt(call: Call, scenario: Scenario, account: string): boolean {
  const accounts = scenario.endpoints.find(({ name }) => name === call.endpoint)?.accounts;
  return accounts === undefined || accounts.includes(account);
}

/** The OpenAI-compatible endpoint takes the key as a bearer token, the others must not get it so. */
function readKey(call: Call): {
  key: string;
  refusal?: "unregistered-caller" | "unsupported-token";
} {
  const { headers } = call.request;
  const [, bearer = ""] = /^Bearer (.+)$/i.exec(headers["authorization"] ?? "") ?? [];
  const isCompatible = call.framing === "openai" || call.framing === "openai-sse";
  const key = (headers["x-goog-api-key"] || call.query.get("key")) ?? (isCompatible ? bearer : "");
  if (key !== "") return { key };
  return { key, refusal: bearer === "" ? "unregistered-caller" : "unsupported-token" };
}

/** A number for a project, as Google gives them. */
export function projectNumber(project: string | undefined): string {
  return String(100_000_000_000 + hashText(project ?? "nobody"));
}
