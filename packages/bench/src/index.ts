export { type Row } from "./metrics.ts";
export { jobsOf, runJob, withRegret } from "./suite.ts";
