export { type Arrival, burst, poisson, readTrace } from "./arrivals.ts";
export { type Contender } from "./contender.ts";
export { contenders } from "./contenders/index.ts";
export { type Regret, type Row, type SharedRow, sharedRow } from "./metrics.ts";
export { sharedModelLosses, type SharedModelLoss } from "./micro/shared-model.ts";
export { circumstances } from "./report/circumstances.ts";
export { pageOf } from "./report/page.ts";
export { tableOf } from "./report/table.ts";
export { type Ended, type Run, runOnce } from "./run.ts";
export { type Scenario } from "./scenario.ts";
export { allScenarios, otherScenarios } from "./scenarios/index.ts";
export { compare, simulate, type SimulateOptions } from "./simulate.ts";
export { soak, type SoakLook } from "./soak.ts";
export {
  type Choice,
  type Job,
  jobsOf,
  measure,
  type Result,
  runJob,
  withRegret,
} from "./suite.ts";
