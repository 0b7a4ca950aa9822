// Which models the board knows to be refused, so that nobody is told to try one of them.
import { type Board } from "./board/board.ts";
import { type PlannedTarget } from "./target.ts";

/** Whether a name is closed as not found at every place where the targets' accounts could ask for it. */
export function isClosedModel(
  board: Board,
  targets: readonly PlannedTarget[],
  name: string,
): boolean {
  return targets.every(({ model, scopes }) =>
    [scopes.model, scopes.projectModel].some((scope) => {
      const there = scope.slice(0, scope.length - model.length) + name;
      return board.closures.get(there)?.kind === "model-not-found";
    }),
  );
}

/** Proposals without those that are closed; the catalogue is asked again in place of each, a few times at most. */
export function openModels(
  nearest: (closed: readonly string[]) => readonly string[],
  isClosed: (name: string) => boolean,
): readonly string[] {
  const closed: string[] = [];
  let names = nearest(closed);
  for (let round = 0; round < 3; round += 1) {
    const refused = names.filter(isClosed);
    if (refused.length === 0) return names;
    closed.push(...refused);
    names = nearest(closed);
  }
  return names.filter((name) => !isClosed(name));
}
