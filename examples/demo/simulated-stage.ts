import { type ScenarioInput, startSimulator } from "@holdfast/gemini-simulator";

import { type Stage } from "./stage.ts";

const keys = {
  main: "AIzaDemoMainDemoMainDemoMainDemoMainDem",
  team: "AIzaDemoTeamDemoTeamDemoTeamDemoTeamDem",
};

/** A "minute" of quota that lasts two seconds, so that nobody has to sit through a real one. */
const minute = 2_000;

const calm: ScenarioInput = {
  accounts: Object.entries(keys).map(([name, key]) => ({ name, key })),
  quotas: { minute },
  speed: { firstToken: 60, tokensPerSecond: 120 },
  reply:
    "Because the sea pulls: a holdfast lets kelp bend with every wave and still stay where it is.",
};

/** Gemini as the simulator plays it, over HTTP on a port of this machine. */
export async function simulatedStage(): Promise<Stage> {
  const simulator = await startSimulator({ scenario: calm });
  return {
    place: `a simulated Gemini at ${simulator.url}, whose minute of quota lasts ${minute / 1000} s`,
    simulated: true,
    accounts: Object.entries(keys).map(([name, apiKey]) => ({
      name,
      apiKey,
      project: name,
      baseURL: simulator.url,
    })),
    quotaWindow: minute,
    weather: (rules) => simulator.reset({ ...calm, rules: [...rules] }),
    close: () => simulator.close(),
  };
}
