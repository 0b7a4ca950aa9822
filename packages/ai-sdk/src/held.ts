// The models that hold fast, and how they are recognised again.
import { type AnyModel } from "./host-types.ts";
import { type Recipe, type Route } from "./route.ts";

const routes = new WeakMap<object, Route>();

/** Remembers where a wrapper's attempts go. */
export function remember(model: object, route: Route): void {
  routes.set(model, route);
}

/** The route of a model that holds fast; `undefined` for any other. */
export function routeOf(model: object): Route | undefined {
  return routes.get(model);
}

const makers = new Map<string, (recipe: Recipe) => AnyModel>();

/** Lets stored workflows find a model again. */
export function register(id: string | undefined, make: (recipe: Recipe) => AnyModel): void {
  if (id !== undefined) makers.set(id, make);
}

/** What a workflow stores of a model: not the bare model, which would lose its policy. @throws TypeError without an id */
function serialize(model: object): Recipe {
  const recipe = routes.get(model)?.recipe;
  if (recipe) return recipe;
  throw new TypeError(
    'Holdfast: a model can be stored by a workflow only when it has an id: holdfastProvider(policy, factory, { id: "main" })',
  );
}

/** The model that a workflow stored. @throws TypeError when nothing has that id in this process */
function deserialize(recipe: Recipe): AnyModel {
  const make = makers.get(recipe.id);
  if (make) return make(recipe);
  throw new TypeError(
    `Holdfast: no provider or model with the id "${recipe.id}" was made in this process; import the module that makes it before the workflow resumes`,
  );
}

/** Puts on a class of models what @workflow/serde looks for there. */
export function makeStorable(type: object): void {
  Object.defineProperty(type, Symbol.for("workflow-serialize"), { value: serialize });
  Object.defineProperty(type, Symbol.for("workflow-deserialize"), { value: deserialize });
}
