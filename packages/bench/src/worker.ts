// One core's share of the runs.
import { type Job, runJob } from "./suite.ts";

process.on("message", ({ index, job }: { index: number; job: Job }) => {
  void runJob(job).then((result) => process.send?.({ index, result }));
});
