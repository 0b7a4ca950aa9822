import { checkContents, checkParts } from "./check-contents.ts";
import { checkModel } from "./check-model.ts";
import { checkParameters, misspelled, wrongType } from "./check-parameters.ts";
import { checkSize } from "./check-size.ts";
import { checkText } from "./check-text.ts";
import { findModel } from "./find-model.ts";
import { camelCase, doubtful, type Fields, fieldOf, type Finding, isFields } from "./finding.ts";
import { type NearestOptions } from "./nearest-models.ts";
import { textsTokens } from "./tokens.ts";
import { type PlacedText, textsOf } from "./walk-texts.ts";

/** What a preflight knows beside the body. */
export interface PreflightOptions extends NearestOptions {
  /** The model, as it stands in the address. Required, like in a request; missing is a finding. */
  model: string | undefined;
  /** Input tokens per minute that the account has. */
  tokensPerMinute?: number;
}

/** As many as a person can read. */
const mostFindings = 50;

/** Lists or objects in a body, which no other type can stand for. */
const containers: Readonly<Record<string, "list" | "object" | "string">> = {
  tools: "list",
  safetySettings: "list",
  toolConfig: "object",
  systemInstruction: "object",
  cachedContent: "string",
};

const topLevel = ["contents", "generationConfig", "labels", "model", "serviceTier", "store"];

/** Fields of bodies that carry their text otherwise: embeddings, batches, counting. */
const otherBodies = [
  "content",
  "requests",
  "generateContentRequest",
  "batch",
  "input",
  "instances",
];

/**
 * Checks the body of a Gemini REST request (`generateContent`; texts only of other methods) before it is sent.
 *
 * An `error` is certain to be refused: nothing to answer, wrong types, parameters out of range, no model, broken Unicode, a size that
 * cannot fit. A `warning` is a doubt: a name that is unknown, retired or routed elsewhere, control characters, an odd order of
 * turns. Errors come first, 50 findings at most. Linear in the size of the body, and never throws; keys and texts are in no finding.
 */
export function preflight(body: unknown, options: PreflightOptions): Finding[] {
  const findings = [
    ...guarded(() => checkModel(options.model, options)),
    ...checkBody(body, options),
  ];
  const errors = findings.filter(({ level }) => level === "error");
  const warnings = findings.filter(({ level }) => level === "warning");
  return [...errors, ...warnings].slice(0, mostFindings);
}

function checkBody(body: unknown, options: PreflightOptions): Finding[] {
  if (!isFields(body)) return [wrongType("body", body, "object")];
  const said = textsOf(body);
  const { texts, partial } = said;
  return [
    ...guarded(() => checkStructure(body)),
    ...guarded(() => checkThinkingModel(body, options)),
    ...texts.flatMap(({ text, field }) => checkText(text, field)),
    ...guarded(() => {
      const estimated = textsTokens(said);
      const sized = { ...options, model: options.model ?? "" };
      return checkSize({ texts: countedTexts(texts), estimated }, sized);
    }),
    ...(partial ? [unreadable()] : []),
  ];
}

function checkStructure(body: Fields): Finding[] {
  const findings: Finding[] = [];
  const other = otherBodies.some((name) => (body[name] ?? undefined) !== undefined);
  if (!other || fieldOf(body, "contents") !== undefined)
    findings.push(...checkContents(body["contents"]));
  for (const [name, type] of Object.entries(containers)) {
    findings.push(...checkContainer(fieldOf(body, name), name, type));
  }
  const instruction = fieldOf(body, "systemInstruction");
  if (isFields(instruction)) {
    findings.push(...checkParts(instruction["parts"], "systemInstruction.parts"));
  }
  findings.push(...checkParameters(fieldOf(body, "generationConfig")));
  const known = [...topLevel, ...otherBodies, ...Object.keys(containers)];
  const spelled = Object.keys(body).slice(0, 100);
  return [...findings, ...spelled.flatMap((name) => misspelled(camelCase(name), known, name))];
}

function checkContainer(
  value: unknown,
  field: string,
  type: "list" | "object" | "string",
): Finding[] {
  if (value === undefined || value === null) return [];
  // The API reads a single object where a list is due.
  const fits = type === "string" ? typeof value === "string" : isFields(value);
  return fits || (type === "list" && Array.isArray(value)) ? [] : [wrongType(field, value, type)];
}

function checkThinkingModel(body: Fields, options: PreflightOptions): Finding[] {
  const config = fieldOf(body, "generationConfig");
  const thinks = isFields(config) && isFields(fieldOf(config, "thinkingConfig"));
  if (!thinks || options.model === undefined) return [];
  const entry = findModel(options.model, options);
  if (entry?.capabilities?.thinking !== false) return [];
  return [
    doubtful({
      field: "generationConfig.thinkingConfig",
      value: "an object",
      message: `The model ${entry.id} does not think.`,
      remedy: "Leave thinkingConfig out, or use a model that thinks.",
    }),
  ];
}

/** Texts that are certain to be counted as input, unlike names of roles and types. */
const counted = /\.text$|\.description$|\.function_?(?:call|response)\./i;

const countedTexts = (texts: readonly PlacedText[]): string[] =>
  texts.filter(({ field }) => counted.test(field)).map(({ text }) => text);

function unreadable(): Finding {
  return doubtful({
    field: "body",
    value: "an object",
    message: "Part of the body could not be read, or it has more values than a request can have.",
    remedy: "Send plain data: no getters that throw, no object without end.",
  });
}

/** A body may hold getters and proxies that throw; what was found elsewhere still counts. */
function guarded(check: () => Finding[]): Finding[] {
  try {
    return check();
  } catch {
    return [unreadable()];
  }
}
