import { type PolicyOptions } from "@holdfast/core";

/** The name of a set of defaults that a file may start from. */
export type PresetName = "interactive" | "batch" | "free-tier" | "strict";

/**
 * What the presets of files stand for; whatever a file says itself wins.
 *
 * - `interactive`: a person at a screen. Core's defaults.
 * - `batch`: a job that has time: it waits ten minutes for the better model and a day in all.
 * - `free-tier`: quotas of a few requests a minute. A call rather waits for the next minute than takes a lesser model,
 *   accounts share the load, nothing is sent twice, and Google accounts without a `tier` count as `free`.
 * - `strict`: a service with a promise to keep. It fails soon and predictably: six attempts, half a minute each, a
 *   minute in all, no waiting for a better model, a hundred waiting calls, nothing sent twice, no stream sewn together.
 */
export const presets: Readonly<Record<PresetName, PolicyOptions>> = {
  interactive: { preset: "interactive" },
  batch: { preset: "batch" },
  "free-tier": {
    preset: "interactive",
    // A minute's quota opens within the minute; the rest is margin.
    patience: 65_000,
    deadline: 900_000,
    order: "balanced",
    hedge: false,
  },
  strict: {
    preset: "interactive",
    patience: 0,
    deadline: 60_000,
    attempts: 6,
    attemptTimeout: 30_000,
    firstContentTimeout: 15_000,
    stallTimeout: 15_000,
    maxWaiting: 100,
    hedge: false,
    afterContent: "fail",
  },
};
