import { type GoogleError, invalidArgument } from "../google-error.ts";
import { field, type JsonObject, toObject, toObjects } from "../json.ts";
import { type Model } from "../models.ts";

/** Checks the tools and the generation config against their ranges and against what the model can do. */
export function checkSettings(body: JsonObject, model: Model): GoogleError | undefined {
  const config = toObject(field(body, "generationConfig"));
  return (
    checkRanges(config, model) ??
    checkThinking(toObject(field(config, "thinkingConfig")), model) ??
    checkTools(body, model) ??
    checkSchema(config)
  );
}

const ranges: readonly (readonly [name: string, snake: string, least: number, most: number])[] = [
  ["temperature", "temperature", 0, 2],
  ["topP", "top_p", 0, 1],
  ["presencePenalty", "presence_penalty", -2, 2],
  ["frequencyPenalty", "frequency_penalty", -2, 2],
];

function checkRanges(config: JsonObject, model: Model): GoogleError | undefined {
  const lines = ranges.flatMap(([name, snake, least, most]) => {
    const value = field(config, name);
    if (value === undefined || value === null || (Number(value) >= least && Number(value) <= most))
      return [];
    return [`${snake}: ${snake} must be in the range [${least.toFixed(1)}, ${most.toFixed(1)}].`];
  });
  const limit = field(config, "maxOutputTokens");
  if (typeof limit === "number" && limit <= 0)
    lines.push("max_output_tokens: max_output_tokens must be positive.");
  if (lines.length > 0)
    return invalidArgument(
      lines.map((line) => `* GenerateContentRequest.generation_config.${line}\n`).join(""),
    );
  if (typeof limit !== "number" || limit <= model.outputTokenLimit) return undefined;
  const most = model.outputTokenLimit + 1;
  return invalidArgument(
    `Unable to submit request because it has a maxOutputTokens value of ${limit} but the supported range is from 1 (inclusive) to ${most} (exclusive). Update the value and try again.`,
  );
}

function checkThinking(thinking: JsonObject, model: Model): GoogleError | undefined {
  const budget = field(thinking, "thinkingBudget");
  const level = field(thinking, "thinkingLevel");
  if (budget !== undefined && level !== undefined) {
    return invalidArgument("You can only set only one of thinking budget and thinking level.");
  }
  if (level !== undefined && !model.thinking)
    return invalidArgument("Thinking level is not supported for this model.");
  if (budget === 0 && model.name.includes("pro")) {
    return invalidArgument("Budget 0 is invalid. This model only works in thinking mode.");
  }
  return undefined;
}

const functionName = /^[a-z_][\w.:-]{0,63}$/i;

function checkTools(body: JsonObject, model: Model): GoogleError | undefined {
  const tools = toObjects(body["tools"]).map((tool) =>
    toObjects(field(tool, "functionDeclarations")),
  );
  if (tools.flat().length > 0 && model.family !== "text") {
    return invalidArgument(`Function calling is not enabled for models/${model.name}`);
  }
  const lines = tools.flatMap((declarations, tool) =>
    declarations.flatMap(({ name }, index) =>
      functionName.test(String(name))
        ? []
        : [
            `* GenerateContentRequest.tools[${tool}].function_declarations[${index}].name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.\n`,
          ],
    ),
  );
  return lines.length > 0 ? invalidArgument(lines.join("")) : undefined;
}

/** In Gemini's own dialect every schema has a type, and an object says what it holds. */
function checkSchema(config: JsonObject): GoogleError | undefined {
  const schema = field(config, "responseSchema");
  if (schema === undefined) return undefined;
  const lines = schemaProblems(toObject(schema), "generation_config.response_schema");
  return lines.length > 0
    ? invalidArgument(lines.map((line) => `* GenerateContentRequest.${line}\n`).join(""))
    : undefined;
}

function schemaProblems(schema: JsonObject, path: string): string[] {
  const properties = toObject(schema["properties"]);
  const choices = toObjects(field(schema, "anyOf"));
  const type = typeof schema["type"] === "string" ? schema["type"].toUpperCase() : undefined;
  const own: string[] = [];
  if (type === undefined && choices.length === 0) own.push(`${path}.type: must be specified`);
  if (Object.keys(properties).length > 0 && type !== undefined && type !== "OBJECT") {
    own.push(`${path}.properties: only allowed for OBJECT type`);
  }
  const inner = Object.entries(properties).flatMap(([name, value]) =>
    schemaProblems(toObject(value), `${path}.properties[${name}]`),
  );
  const items =
    schema["items"] === undefined ? [] : schemaProblems(toObject(schema["items"]), `${path}.items`);
  return [...own, ...inner, ...items];
}
