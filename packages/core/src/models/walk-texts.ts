import { camelCase, fieldOf, isFields } from "./finding.ts";
import { printableName } from "./printable-name.ts";

/** A text inside a body, and where. */
export interface PlacedText {
  text: string;
  field: string;
}

/** What a body says, flat. */
export interface Texts {
  texts: readonly PlacedText[];
  media: readonly { image: boolean; length: number }[];
  /** The length of all texts together, in UTF-16 units. */
  characters: number;
  /** Whether something could not be read: a getter threw, or the body has no end. */
  partial: boolean;
}

/** More values than any real body has; ends the walk through an object that makes up its own fields. */
const mostValues = 200_000;

/** Fields that hold encoded bytes rather than text. */
const encoded = new Set(["thoughtSignature", "fileUri"]);

interface Place {
  value: unknown;
  field: string;
}

/** Collects every string of a body with its path. Visits each object once, so that circles end; linear, and never throws. */
export function textsOf(body: unknown): Texts {
  const texts: PlacedText[] = [];
  const media: { image: boolean; length: number }[] = [];
  const seen = new Set<object>();
  const open: Place[] = [{ value: body, field: "" }];
  let characters = 0;
  let left = mostValues;
  let partial = false;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, field } = place;
    if (typeof value === "string") {
      texts.push({ text: value, field });
      characters += value.length;
    }
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    const children = childrenOf({ value, field }, left);
    partial ||= children.partial;
    left -= children.places.length;
    for (const child of children.places.toReversed()) open.push(child);
    if (children.medium) media.push(children.medium);
    if (left <= 0) return { texts, media, characters, partial: true };
  }
  return { texts, media, characters, partial };
}

interface Children {
  places: Place[];
  medium?: { image: boolean; length: number };
  partial: boolean;
}

function childrenOf({ value, field }: { value: object; field: string }, most: number): Children {
  try {
    if (Array.isArray(value)) return listChildren(value, field, most);
    const medium = mediumOf(value);
    const places: Place[] = [];
    for (const key of Object.keys(value).slice(0, most)) {
      if (encoded.has(camelCase(key)) || (medium && key === "data")) continue;
      const name = printableName(key) ?? "*";
      const inner = Reflect.get(value, key) as unknown;
      places.push({ value: inner, field: field === "" ? name : `${field}.${name}` });
    }
    return { places, ...(medium && { medium }), partial: false };
  } catch {
    return { places: [], partial: true };
  }
}

function listChildren(list: readonly unknown[], field: string, most: number): Children {
  const places: Place[] = [];
  const length = Math.min(list.length, most);
  for (let index = 0; index < length; index++) {
    places.push({ value: list[index], field: `${field}[${index}]` });
  }
  return { places, partial: list.length > most };
}

function mediumOf(value: object): Children["medium"] {
  if (!isFields(value)) return undefined;
  const mimeType = fieldOf(value, "mimeType");
  if (typeof mimeType !== "string") return undefined;
  const data = value["data"];
  const bytes = typeof data === "string" ? data.length : 0;
  return { image: bytes === 0 || mimeType.startsWith("image/"), length: bytes };
}
