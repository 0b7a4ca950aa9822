import { isObject, type JsonObject, parseJson, toObject, toObjects, toText } from "../json.ts";

function isSystem({ role }: JsonObject): boolean {
  return role === "system" || role === "developer";
}

/** A request of the OpenAI-compatible endpoint in Gemini's own words. */
export function geminiBody(body: JsonObject): JsonObject {
  const messages = toObjects(body["messages"]);
  const system = messages.filter(isSystem).flatMap(textParts);
  const functions = toObjects(body["tools"]).flatMap(({ function: declared }) =>
    isObject(declared) ? [declared] : [],
  );
  return {
    contents: mergeTurns(
      messages
        .filter((message) => !isSystem(message))
        .map((message) => contentOf(message, messages)),
    ),
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    ...(functions.length > 0 && {
      tools: [{ functionDeclarations: functions.map(declarationOf) }],
    }),
    ...(body["tool_choice"] === "none" && {
      toolConfig: { functionCallingConfig: { mode: "NONE" } },
    }),
    generationConfig: configOf(body),
  };
}

/** A request for embeddings in Gemini's own words. */
export function geminiEmbedding(body: JsonObject): JsonObject {
  const inputs: unknown[] = Array.isArray(body["input"]) ? body["input"] : [body["input"]];
  const dimensions = body["dimensions"];
  return {
    requests: inputs.map((text) => ({
      content: { parts: [{ text }] },
      ...(dimensions !== undefined && { outputDimensionality: dimensions }),
    })),
  };
}

function declarationOf({ name, description, parameters }: JsonObject): JsonObject {
  return {
    name,
    description: description ?? "",
    ...(parameters !== undefined && { parametersJsonSchema: parameters }),
  };
}

function configOf(body: JsonObject): JsonObject {
  const format = toObject(body["response_format"]);
  const config: JsonObject = {
    temperature: body["temperature"],
    topP: body["top_p"],
    maxOutputTokens: body["max_completion_tokens"] ?? body["max_tokens"],
    stopSequences: typeof body["stop"] === "string" ? [body["stop"]] : body["stop"],
    responseMimeType:
      format["type"] === undefined || format["type"] === "text" ? undefined : "application/json",
    responseJsonSchema: toObject(format["json_schema"])["schema"],
  };
  return Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== undefined && value !== null),
  );
}

function contentOf(message: JsonObject, messages: readonly JsonObject[]): JsonObject {
  if (message["role"] === "tool") {
    const id = message["tool_call_id"];
    const call = messages
      .flatMap((other) => toObjects(other["tool_calls"]))
      .find((other) => other["id"] === id);
    const name = toObject(call?.["function"])["name"];
    return {
      role: "user",
      parts: [{ functionResponse: { name, response: { content: message["content"] } } }],
    };
  }
  const calls = toObjects(message["tool_calls"]).map((call) => {
    const { name, arguments: text } = toObject(call["function"]);
    const signature = toObject(toObject(call["extra_content"])["google"])["thought_signature"];
    return {
      functionCall: { name, args: parseArguments(text) },
      ...(signature !== undefined && { thoughtSignature: signature }),
    };
  });
  return {
    role: message["role"] === "assistant" ? "model" : "user",
    parts: [...textParts(message), ...calls],
  };
}

function parseArguments(text: unknown): unknown {
  return parseJson(toText(text)) ?? {};
}

function textParts({ content }: JsonObject): JsonObject[] {
  if (typeof content === "string") return content === "" ? [] : [{ text: content }];
  return toObjects(content).map((part) => {
    if (part["type"] === "text") return { text: part["text"] };
    const { url } = toObject(part["image_url"]);
    const [, mimeType = "image/png", data = ""] =
      /^data:([^;]+);base64,(.*)$/.exec(String(url)) ?? [];
    return { inlineData: { mimeType, data } };
  });
}

/** Several tool results in a row are one turn. */
function mergeTurns(contents: JsonObject[]): JsonObject[] {
  const merged: JsonObject[] = [];
  for (const content of contents) {
    const last = merged.at(-1);
    const parts = toObjects(content["parts"]);
    if (last !== undefined && last["role"] === content["role"])
      last["parts"] = [...toObjects(last["parts"]), ...parts];
    else merged.push({ ...content });
  }
  return merged;
}
