import { type Result } from "../suite.ts";

/** What the page is drawn from. */
export interface PageData {
  results: readonly Result[];
  /** By `scenario variant`. */
  titles: Readonly<Record<string, string>>;
  /** What each policy is, by its name. */
  policies: Readonly<Record<string, { origin: string; about: string }>>;
  /** When, where and how it was measured. */
  date: string;
  machine: string;
  command: string;
  versions: Readonly<Record<string, string>>;
}
