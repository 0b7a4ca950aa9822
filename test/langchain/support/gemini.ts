import { type AccountOptions, createPolicy, type Policy, type PolicyOptions } from "@holdfast/core";
import { type ScenarioInput, type Simulator, startSimulator } from "@holdfast/gemini-simulator";
import {
  holdfastChatModel,
  type HoldfastChatModel,
  type HoldfastModelFields,
} from "@holdfast/langchain";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { onTestFinished } from "vitest";

import { hurriedClock } from "./hurried-clock.ts";

/** The Google packages of LangChain. */
export const packages = ["genai", "google"] as const;
export type Package = (typeof packages)[number];

export const keys = {
  main: "AIzaMainKeyMainKeyMainKeyMainKeyMainKey",
  spare: "AIzaSpareKeySpareKeySpareKeySpareKeySpa",
};

/** A simulated Gemini with two accounts, closed at the end of the test. */
export async function gemini(scenario: ScenarioInput = {}): Promise<Simulator> {
  const accounts = [
    { name: "main", key: keys.main },
    { name: "spare", key: keys.spare },
  ];
  const simulator = await startSimulator({ scenario: { accounts, ...scenario } });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** A policy over both accounts whose waits are over at once. */
export function hurriedPolicy({ url }: Simulator, options: PolicyOptions = {}): Policy {
  const accounts: AccountOptions[] = [
    { name: "main", apiKey: keys.main, baseURL: url },
    { name: "spare", apiKey: keys.spare, baseURL: url },
  ];
  return createPolicy({ accounts, stallTimeout: Infinity, ...options }, { clock: hurriedClock() });
}

export const flash = "gemini-2.5-flash";
export const pro = "gemini-2.5-pro";

/** A model of one of the packages, carried by a policy. */
export function chatModel(
  policy: Policy,
  name: Package,
  fields: HoldfastModelFields & {
    temperature?: number;
    streaming?: boolean;
    apiVersion?: string;
  } = {},
): HoldfastChatModel {
  return name === "genai"
    ? holdfastChatModel(policy, ChatGoogleGenerativeAI, { model: flash, ...fields })
    : holdfastChatModel(policy, ChatGoogle, { model: flash, ...fields });
}

/** The fault of everything that the first account asks for. */
export function mainFails(
  fault: NonNullable<ScenarioInput["rules"]>[number]["fault"],
): ScenarioInput {
  return { rules: [{ account: "main", fault }] };
}
