import { type JsonObject } from "./json.ts";
import { type Model } from "./models.ts";
import { type Envelope } from "./reply/messages.ts";
import { type Call } from "./request.ts";
import { type Resources } from "./resources.ts";
import { type Scenario } from "./scenario.ts";

/** A request that nothing stands in the way of. */
export interface Task {
  call: Call;
  body: JsonObject;
  model: Model;
  models: ReadonlyMap<string, Model>;
  scenario: Scenario;
  envelope: Envelope;
  resources: Resources;
  project: string;
}
