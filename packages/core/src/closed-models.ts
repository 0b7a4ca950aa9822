// Which models the board knows to be refused, so that nobody is told to try one of them.
import { type Board } from "./board/board.ts";
import { type PlannedTarget } from "./target.ts";

/** The names that are closed as not found at every place where the targets' accounts could ask for them. */
export function closedModels(board: Board, targets: readonly PlannedTarget[]): readonly string[] {
  const names = new Set<string>();
  for (const { scope, kind } of board.closures.values())
    if (kind === "model-not-found") names.add(scope.slice(scope.lastIndexOf(" ") + 1));
  return [...names].filter((name) =>
    targets.every(({ model, scopes }) =>
      [scopes.model, scopes.projectModel].some((scope) =>
        board.closures.has(scope.slice(0, scope.length - model.length) + name),
      ),
    ),
  );
}
