import { entryOf, models as allModels, plainModelName, successorOf } from "./find-model.ts";
import { describeName, type Finding, invalid } from "./finding.ts";
import { type Dated, holds, type Model, presentTime } from "./model.ts";
import { nearestModels, type NearestOptions } from "./nearest-models.ts";

/**
 * Checks the name of a model: a missing one is an error; one that is unknown, retired, routed to a successor, closed to new users or no
 * longer listed is a doubt, with the nearest names or the successor. Names in `candidates` (a live list) count as known.
 */
export function checkModel(name: unknown, options: NearestOptions = {}): Finding[] {
  if (typeof name !== "string" || plainModelName(name) === "") {
    return [
      invalid({
        field: "model",
        value: describeName(name),
        message: "The request names no model.",
        remedy: 'Name one, such as "gemini-3.6-flash".',
      }),
    ];
  }
  if (name.startsWith("tunedModels/")) return [];
  const { models = allModels, now = presentTime(), candidates = [] } = options;
  const entry = entryOf(name, models);
  if (entry !== undefined) return aged(name, entry, { models, now });
  const listed = candidates.some((candidate) => plainModelName(candidate) === plainModelName(name));
  return listed ? [] : [unknown(name, options)];
}

function unknown(name: string, options: NearestOptions): Finding {
  const near = nearestModels(name, options);
  return doubt(
    name,
    `The model ${describeName(name)} is not known.`,
    near.length === 0
      ? "Check the name against the list of models."
      : `Did you mean ${near.join(" or ")}?`,
  );
}

interface Moment {
  models: readonly Model[];
  now: number;
}

function aged(name: string, entry: Model, { models, now }: Moment): Finding[] {
  const state = stateOf(entry, now);
  if (state === undefined) return [];
  const successor = successorOf(name, now, models);
  return [
    doubt(
      name,
      `The model ${entry.id} ${state}.`,
      successor === undefined ? "Choose a model that is listed." : `Move to ${successor}.`,
    ),
  ];
}

function stateOf(entry: Model, now: number): string | undefined {
  const states: [Dated | undefined, string][] = [
    [entry.retired, "is retired since"],
    [entry.routed, `is answered by ${entry.routed?.to}, at its price, since`],
    [entry.closedToNewUsers, "is closed to new users since"],
    [entry.unlisted, "is no longer listed since"],
  ];
  const found = states.find(([fact]) => holds(fact, now));
  return found && `${found[1]} ${found[0]?.since}`;
}

function doubt(name: string, message: string, remedy: string): Finding {
  return {
    level: "warning",
    kind: "model-not-found",
    field: "model",
    value: describeName(name),
    message,
    remedy,
  };
}
