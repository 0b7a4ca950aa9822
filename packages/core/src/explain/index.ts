export { explain, type ExplainOptions, type Explanation } from "./explain.ts";
export { type Locale } from "./language.ts";
export { type Link } from "./links.ts";
