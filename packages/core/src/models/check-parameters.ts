import {
  camelCase,
  describeName,
  describeValue,
  doubtful,
  fieldOf,
  type Finding,
  invalid,
  isFields,
} from "./finding.ts";
import { editDistance } from "./nearest-models.ts";

interface NumberRule {
  least: number;
  most?: number;
  whole?: boolean;
}

/** Ranges of `GenerationConfig` in the API reference; outside of them the API answers 400. */
const numbers: Readonly<Record<string, NumberRule>> = {
  temperature: { least: 0, most: 2 },
  topP: { least: 0, most: 1 },
  topK: { least: 1, whole: true },
  maxOutputTokens: { least: 1, whole: true },
  candidateCount: { least: 1, most: 8, whole: true },
  presencePenalty: { least: -2, most: 2 },
  frequencyPenalty: { least: -2, most: 2 },
  seed: { least: -(2 ** 31), most: 2 ** 31 - 1, whole: true },
  logprobs: { least: 0, whole: true },
};

type TypeName = "string" | "boolean" | "object" | "list of strings";

const types: Readonly<Record<string, TypeName>> = {
  responseMimeType: "string",
  responseLogprobs: "boolean",
  enableEnhancedCivicAnswers: "boolean",
  responseSchema: "object",
  speechConfig: "object",
  imageConfig: "object",
  thinkingConfig: "object",
  stopSequences: "list of strings",
  responseModalities: "list of strings",
};

const levels = new Set(["minimal", "low", "medium", "high", "thinking_level_unspecified"]);

/** Where the parameters stand. */
export interface CheckParametersOptions {
  /** The path that findings begin with; `""` for parameters that stand alone. @default "generationConfig" */
  field?: string;
}

/**
 * Checks the parameters of a generation by the names of the API (`temperature`, `topP`, `maxOutputTokens`, `thinkingConfig`, …; snake
 * case too): wrong types and values out of range are errors, misspelled names are doubts. `undefined` and `null` count as not set.
 */
export function checkParameters(
  parameters: unknown,
  { field = "generationConfig" }: CheckParametersOptions = {},
): Finding[] {
  if (parameters === undefined || parameters === null) return [];
  if (!isFields(parameters)) return [wrongType(field, parameters, "object")];
  const findings: Finding[] = [];
  for (const key of Object.keys(parameters)) {
    const value = parameters[key];
    if (value === undefined || value === null) continue;
    findings.push(...checkParameter(camelCase(key), value, field === "" ? key : `${field}.${key}`));
  }
  return [...findings, ...checkThinking(fieldOf(parameters, "thinkingConfig"), field)];
}

function checkParameter(name: string, value: unknown, field: string): Finding[] {
  const range = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (range) return checkNumber(value, range, field);
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type) return hasType(value, type) ? [] : [wrongType(field, value, type)];
  return misspelled(name, [...Object.keys(numbers), ...Object.keys(types)], field);
}

function checkNumber(value: unknown, rule: NumberRule, field: string): Finding[] {
  if (typeof value !== "number") return [wrongType(field, value, "number")];
  const { least, most = Infinity, whole = false } = rule;
  const range = most === Infinity ? `at least ${least}` : `between ${least} and ${most}`;
  const fits = Number.isFinite(value) && value >= least && value <= most;
  if (fits && (!whole || Number.isInteger(value))) return [];
  const kind = whole ? "a whole number" : "a number";
  return [
    invalid({
      field,
      value: describeValue(value),
      message: `${field} is ${value}; it must be ${kind} ${range}.`,
      remedy: `Set ${field} to ${kind} ${range}, or leave it out for the default.`,
    }),
  ];
}

function hasType(value: unknown, type: TypeName): boolean {
  if (type === "object") return isFields(value);
  if (type !== "list of strings") return typeof value === type;
  return (
    typeof value === "string" ||
    (Array.isArray(value) && value.every((item) => typeof item === "string"))
  );
}

/** The finding for a field of the wrong type. */
export function wrongType(field: string, value: unknown, type: string): Finding {
  const article = /^[aeiou]/.test(type) ? "an" : "a";
  return invalid({
    field,
    value: describeValue(value),
    message: `${field} is ${describeValue(value)}; it must be ${article} ${type}.`,
    remedy: `Send ${field} as ${article} ${type}${type === "number" ? ", without quotes" : ""}.`,
  });
}

/** A doubt about a field whose name differs by a letter or two from one that exists. */
export function misspelled(name: string, known: readonly string[], field: string): Finding[] {
  if (name.length > 40 || known.includes(name)) return [];
  const most = Math.min(2, Math.floor(name.length / 3));
  const near = known.find((other) => editDistance(name.toLowerCase(), other.toLowerCase()) <= most);
  if (near === undefined) return [];
  return [
    doubtful({
      field: describeName(field),
      value: describeName(name),
      message: `${describeName(field)} is no field of the API that is known; ${near} is.`,
      remedy: `Did you mean ${near}?`,
    }),
  ];
}

function checkThinking(config: unknown, parent: string): Finding[] {
  if (!isFields(config)) return [];
  const field = parent === "" ? "thinkingConfig" : `${parent}.thinkingConfig`;
  const budget = fieldOf(config, "thinkingBudget") ?? undefined;
  const level = fieldOf(config, "thinkingLevel") ?? undefined;
  const findings: Finding[] = [];
  if (budget !== undefined) {
    findings.push(...checkNumber(budget, { least: -1, whole: true }, `${field}.thinkingBudget`));
  }
  if (level !== undefined) findings.push(...checkLevel(level, `${field}.thinkingLevel`));
  if (budget !== undefined && level !== undefined) {
    findings.push(
      invalid({
        field,
        value: "thinkingBudget and thinkingLevel",
        message: "thinkingBudget and thinkingLevel are both set; the API takes only one of them.",
        remedy: "Keep thinkingLevel for Gemini 3 and later, thinkingBudget for Gemini 2.5.",
      }),
    );
  }
  return findings;
}

function checkLevel(level: unknown, field: string): Finding[] {
  if (typeof level !== "string") return [wrongType(field, level, "string")];
  if (levels.has(level.toLowerCase())) return [];
  return [
    doubtful({
      field,
      value: describeName(level),
      message: `${field} is no level that is known.`,
      remedy: "Use minimal, low, medium or high, as far as the model has it.",
    }),
  ];
}
