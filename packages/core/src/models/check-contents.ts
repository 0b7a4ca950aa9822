import { wrongType } from "./check-parameters.ts";
import {
  describeName,
  doubtful,
  type Fields,
  fieldOf,
  type Finding,
  invalid,
  isFields,
  listOf,
} from "./finding.ts";

/** The fields of a part of which it needs one. */
const data = [
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
  "toolCall",
  "toolResponse",
];

/** Fields that go along with the data. */
const besides = new Set(["thought", "thoughtSignature", "videoMetadata", "mediaResolution"]);
const roles = new Set(["user", "model", "function"]);

/** More turns or parts than a request can have. */
const most = 20_000;

/** Checks `contents`: there must be some, of the right types, with parts; roles and the order of function calls are doubts. */
export function checkContents(contents: unknown): Finding[] {
  if (contents === undefined || contents === null) return [noContents("contents", contents)];
  if (!Array.isArray(contents) && !isFields(contents)) {
    return [wrongType("contents", contents, "list of contents")];
  }
  const turns = affordable(listOf(contents));
  // True of no turns at all, too.
  if (turns.every(isBlank)) return [noContents("contents", contents)];
  const findings = turns.flatMap((turn, index) => checkTurn(turn, `contents[${index}]`));
  return [...findings, ...checkOrder(turns)];
}

/** The turns up to a number of parts in all, since one list of parts can stand in a thousand turns. */
function affordable(turns: readonly unknown[]): readonly unknown[] {
  let left = most;
  const end = turns.slice(0, most).findIndex((turn) => {
    left -= isFields(turn) ? 1 + listOf(turn["parts"]).length : 1;
    return left < 0;
  });
  return turns.slice(0, end === -1 ? most : Math.max(1, end));
}

function noContents(field: string, value: unknown): Finding {
  return invalid({
    field,
    value: describeName(value),
    message: `${field} is empty: there is nothing to answer.`,
    remedy: 'Send at least one content with text: [{ role: "user", parts: [{ text: "…" }] }].',
  });
}

function checkTurn(turn: unknown, field: string): Finding[] {
  if (!isFields(turn)) return [wrongType(field, turn, "object")];
  return [...checkRole(turn["role"], field), ...checkParts(turn["parts"], `${field}.parts`)];
}

function checkRole(role: unknown, turn: string): Finding[] {
  const field = `${turn}.role`;
  if (role === undefined || role === null || role === "") return [];
  if (typeof role !== "string") return [wrongType(field, role, "string")];
  if (roles.has(role)) return [];
  const system = role === "system" || role === "developer";
  return [
    invalid({
      field,
      value: describeName(role),
      message: `${field} is none of the roles "user" and "model".`,
      remedy: system
        ? "Send instructions as systemInstruction, not as a content."
        : 'Write "model" for the assistant and "user" for all else, function responses too.',
    }),
  ];
}

/** Checks the parts of a content, or of a system instruction. */
export function checkParts(parts: unknown, field: string): Finding[] {
  if (parts === undefined || parts === null) return [noParts(field, parts)];
  if (!Array.isArray(parts) && !isFields(parts)) return [wrongType(field, parts, "list of parts")];
  const list = listOf(parts).slice(0, most);
  if (list.length === 0) return [noParts(field, parts)];
  return list.flatMap((part, index) => checkPart(part, `${field}[${index}]`));
}

function noParts(field: string, value: unknown): Finding {
  return invalid({
    field,
    value: describeName(value),
    message: `${field} is empty; every content needs at least one part.`,
    remedy: "Leave the whole content out, or give it a part such as a text.",
  });
}

function checkPart(part: unknown, field: string): Finding[] {
  if (!isFields(part)) return [wrongType(field, part, "object")];
  const { text } = part;
  if (text !== undefined && text !== null && typeof text !== "string") {
    return [wrongType(`${field}.text`, text, "string")];
  }
  const set = data.filter((name) => (fieldOf(part, name) ?? undefined) !== undefined);
  if (set.length === 0) return checkEmptyPart(part, field);
  if (set.length > 1) return [manyData(set, field)];
  return isEmptyText(part) ? [emptyText(field)] : [];
}

function checkEmptyPart(part: Fields, field: string): Finding[] {
  // A field that is not known may be a new kind of data.
  const known = Object.keys(part).every((key) => besides.has(key) || data.includes(key));
  const finding = known ? invalid : doubtful;
  return [
    finding({
      field,
      value: "an object",
      message: `${field} holds no data that is known: no text, no media, no function call.`,
      remedy:
        "Leave the part out, or give it text, inlineData, fileData or a function's call or response.",
    }),
  ];
}

function manyData(set: readonly string[], field: string): Finding {
  return invalid({
    field,
    value: set.join(", "),
    message: `${field} holds ${set.join(" and ")}; a part holds only one of them.`,
    remedy: "Make a part of each.",
  });
}

function emptyText(field: string): Finding {
  return doubtful({
    field: `${field}.text`,
    value: "a string of 0 characters",
    message: `${field}.text is empty; the API refuses some requests with empty parts.`,
    remedy: "Leave the part out.",
  });
}

/** Whether a content has parts, and all of them are empty texts. */
function isBlank(turn: unknown): boolean {
  const parts = isFields(turn) ? listOf(turn["parts"]) : [];
  return parts.length > 0 && parts.every((part) => isFields(part) && isEmptyText(part));
}

const isEmptyText = (part: Fields): boolean =>
  part["text"] === "" && fieldOf(part, "thoughtSignature") === undefined;

interface Turn {
  role: unknown;
  calls: number;
  responses: number;
}

function checkOrder(turns: readonly unknown[]): Finding[] {
  const summary = turns.filter(isFields).map(summarise);
  const findings = checkLast(summary);
  for (const [index, turn] of summary.entries()) {
    const message = orderDoubt(turn, summary[index - 1], index);
    if (message === undefined) continue;
    findings.push(
      doubtful({
        field: `contents[${index}]`,
        value: describeName(turn.role),
        message: `contents[${index}] ${message}.`,
        remedy: "Let a function's response follow its call directly, one response for each call.",
      }),
    );
  }
  return findings;
}

function checkLast(turns: readonly Turn[]): Finding[] {
  const last = turns.at(-1);
  if (last?.role !== "model") return [];
  return [
    doubtful({
      field: `contents[${turns.length - 1}]`,
      value: "model",
      message: `contents[${turns.length - 1}], the last, is the model's own turn; the answer may be empty.`,
      remedy: "End with a turn of the user, or with the responses to the model's function calls.",
    }),
  ];
}

function summarise(turn: Fields): Turn {
  const parts = listOf(turn["parts"]).filter(isFields);
  return {
    role: turn["role"],
    calls: parts.filter((part) => isFields(fieldOf(part, "functionCall"))).length,
    responses: parts.filter((part) => isFields(fieldOf(part, "functionResponse"))).length,
  };
}

function orderDoubt(turn: Turn, before: Turn | undefined, index: number): string | undefined {
  const expected = before?.calls ?? 0;
  if (turn.responses > 0 && expected === 0)
    return "answers a function call that does not stand before it";
  if (turn.responses !== expected) {
    return `gives ${turn.responses} function responses to ${expected} calls`;
  }
  if (turn.calls > 0 && index === 0) return "begins with a function call of the model";
  return undefined;
}
