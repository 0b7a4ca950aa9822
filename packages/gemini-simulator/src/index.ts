export { type Answer, type Chunk } from "./answer.ts";
export { type Clock, realClock } from "./clock.ts";
export { type FaultInput, type FaultName } from "./faults/index.ts";
export { createGemini, type Gemini, type GeminiOptions } from "./gemini.ts";
export { type LogEntry, type LogQuery, type RequestLog } from "./log.ts";
export { type ModelInput } from "./models.ts";
export { type GeminiRequest, type Operation } from "./request.ts";
export {
  type AccountInput,
  type BatchesInput,
  type BillingAccountInput,
  type EndpointInput,
  type FilesInput,
  type LimitInput,
  type PriceInput,
  type ProjectInput,
  type QuotasInput,
  type RuleInput,
  type Scenario,
  type ScenarioInput,
  type SpeedInput,
  type Tier,
} from "./scenario.ts";
export { scenarioJsonSchema } from "./scenario-schema.ts";
export { type ScenarioName, scenarios } from "./scenarios.ts";
export { type Simulator, type SimulatorOptions, startSimulator } from "./server.ts";
export { simulatorFetch } from "./simulator-fetch.ts";
export {
  createVirtualClock,
  type VirtualClock,
  type VirtualClockOptions,
} from "./virtual-clock.ts";
