import { field, type JsonObject, toObject, toObjects } from "../json.ts";
import { type Model } from "../models.ts";
import { hashText } from "../random.ts";
import { countTokens, mediaTokens, promptTokens } from "../tokens.ts";
import { exampleOf } from "./example.ts";
import { imagePart, speechPart } from "./media.ts";

/** What a model says to one request. */
export interface Generation {
  parts: JsonObject[];
  finishReason: "STOP" | "MAX_TOKENS";
  promptTokens: number;
  outputTokens: number;
}

/** Answers a request: calls of its tools, JSON for its schema, or text; the same every time. */
export function generate(body: JsonObject, model: Model, reply: string | undefined): Generation {
  const config = toObject(field(body, "generationConfig"));
  const prompt = promptTokens(body);
  const media = mediaPart(model);
  if (media !== undefined)
    return {
      parts: [media],
      finishReason: "STOP",
      promptTokens: prompt,
      outputTokens: mediaTokens,
    };
  const calls = functionCalls(body);
  if (calls.length > 0) {
    const parts = calls.map((call, index) =>
      index === 0 && model.thinking ? { ...call, thoughtSignature: signature(call) } : call,
    );
    const outputTokens = countTokens(JSON.stringify(calls));
    return { parts, finishReason: "STOP", promptTokens: prompt, outputTokens };
  }
  const whole = structuredText(config) ?? reply ?? echo(body, model);
  const { text, finishReason } = limitText(whole, config);
  return { parts: [{ text }], finishReason, promptTokens: prompt, outputTokens: countTokens(text) };
}

function mediaPart({ family, name }: Model): JsonObject | undefined {
  if (family === "image") return imagePart();
  return family === "speech" ? speechPart(name) : undefined;
}

/** Calls of all declared functions, unless their results have just come or the request forbids them. */
function functionCalls(body: JsonObject): JsonObject[] {
  const last = toObjects(field(body, "contents")).at(-1);
  if (
    last !== undefined &&
    toObjects(last["parts"]).some((part) => field(part, "functionResponse") !== undefined)
  )
    return [];
  const calling = toObject(field(toObject(field(body, "toolConfig")), "functionCallingConfig"));
  if (calling["mode"] === "NONE") return [];
  const allowed = field(calling, "allowedFunctionNames");
  return toObjects(body["tools"])
    .flatMap((tool) => toObjects(field(tool, "functionDeclarations")))
    .filter(({ name }) => !Array.isArray(allowed) || allowed.length === 0 || allowed.includes(name))
    .map((declaration) => {
      const schema = declaration["parameters"] ?? field(declaration, "parametersJsonSchema") ?? {};
      const args =
        "type" in toObject(schema) || "properties" in toObject(schema) ? exampleOf(schema) : {};
      return { functionCall: { name: declaration["name"], args } };
    });
}

/** An opaque text that stands for the model's thoughts and has to come back with the call. */
function signature(call: JsonObject): string {
  return Buffer.from(`simulated thought ${hashText(JSON.stringify(call))}`).toString("base64");
}

function structuredText(config: JsonObject): string | undefined {
  const schema = field(config, "responseSchema") ?? field(config, "responseJsonSchema");
  if (schema !== undefined) return JSON.stringify(exampleOf(schema));
  const type = field(config, "responseMimeType");
  return type === "application/json"
    ? JSON.stringify({ answer: "This is simulated JSON." })
    : undefined;
}

function echo(body: JsonObject, model: Model): string {
  const contents = toObjects(field(body, "contents"));
  const parts = contents.flatMap((content) =>
    content["role"] === "model" ? [] : toObjects(content["parts"]),
  );
  const texts = parts.map(({ text }) => text).filter((text) => typeof text === "string");
  const question = texts.at(-1) ?? "something that is no text";
  return `${model.servedBy ?? model.name} heard: ${question}. This answer is simulated.`;
}

function limitText(
  whole: string,
  config: JsonObject,
): Pick<Generation, "finishReason"> & { text: string } {
  const stops = field(config, "stopSequences");
  const places = (Array.isArray(stops) ? stops : [])
    .map((stop) => whole.indexOf(String(stop)))
    .filter((at) => at >= 0);
  const text = whole.slice(0, Math.min(whole.length, ...places));
  const limit = field(config, "maxOutputTokens");
  if (typeof limit !== "number" || countTokens(text) <= limit)
    return { text, finishReason: "STOP" };
  return { text: text.slice(0, limit * 4), finishReason: "MAX_TOKENS" };
}
