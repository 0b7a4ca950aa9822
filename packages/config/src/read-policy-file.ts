import { readFileSync } from "node:fs";

import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument } from "yaml";

import { PolicyFileError } from "./policy-file-error.ts";
import { type Path } from "./problems.ts";

/** A policy file as it was read. */
export interface PolicySource {
  file: string;
  text: string;
  data: unknown;
  lineOf: (path: Path) => number | undefined;
}

/** Reads a file and parses it, JSON as strictly as JSON is. @throws PolicyFileError */
export function readPolicyFile(file: string): PolicySource {
  return parseText(file, readText(file));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const { code } = error as { code?: string };
    const remedy =
      code === "ENOENT"
        ? "there is no such file: create it, or give its path"
        : `it cannot be read (${code ?? "unknown reason"}): see to its permissions and that it is a file`;
    throw new PolicyFileError([{ path: [], remedy }], { file });
  }
}

function parseText(file: string, text: string): PolicySource {
  const lines = new LineCounter();
  // Pretty errors quote the source, and with it perhaps a key.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  const lineAt = (offset: number | undefined): number | undefined =>
    offset === undefined ? undefined : lines.linePos(offset).line;
  const refuse = (remedy: string): never => {
    throw new PolicyFileError([{ path: [], remedy }], {
      file,
      lineOf: () => lineAt(error?.pos[0]),
    });
  };
  const json = file.endsWith(".json");
  if (error) return refuse(`it is no ${json ? "JSON" : "YAML"}: ${error.message}`);
  if (json && !isJson(text))
    return refuse("it is no JSON: look for a trailing comma, a comment, or quotes left out");
  let data: unknown;
  try {
    data = document.toJS();
  } catch {
    return refuse("it is no YAML: an alias has no anchor before it, or aliases multiply");
  }
  if (data === null) return refuse("it is empty: write {} for a policy without options");
  return { file, text, data, lineOf: (path) => lineAt(offsetOf(document, path)) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Where it breaks is found by the parser that knows lines; the message here quotes the source.
    return text.trim() === "";
  }
}

/** Where the deepest part of a path that exists begins. */
function offsetOf(document: Document, path: Path): number | undefined {
  const known = path.filter((step) => typeof step !== "symbol");
  const last = known.at(-1);
  const parent: unknown = document.getIn(known.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find(
      (item) => isPair(item) && isScalar(item.key) && item.key.value === last,
    );
    if (pair && isScalar(pair.key)) return pair.key.range?.[0];
  }
  const node = document.getIn(known, true) as { range?: [number, number, number] } | undefined;
  if (node?.range) return node.range[0];
  return known.length ? offsetOf(document, known.slice(0, -1)) : undefined;
}
