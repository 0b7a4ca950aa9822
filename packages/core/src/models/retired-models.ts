import { type Dated, type Model } from "./model.ts";

const over: Dated = { since: "2025-12-31", source: "deprecations" };

function retired(id: string, fact: Dated, successor: string): Model {
  return { id, kind: "text", retired: fact, successor, source: fact.source };
}

const pro25Preview: Dated = { since: "2025-12-02", source: "deprecations" };
const flash25Preview: Dated = { since: "2026-02-17", source: "changelog" };

/** Text models that answer 404 for so long that only their names are worth knowing. */
export const retiredModels: readonly Model[] = [
  /* #__PURE__ */ retired("gemini-2.5-pro-preview-03-25", pro25Preview, "gemini-3.1-pro-preview"),
  /* #__PURE__ */ retired("gemini-2.5-pro-preview-05-06", pro25Preview, "gemini-3.1-pro-preview"),
  /* #__PURE__ */ retired("gemini-2.5-pro-preview-06-05", pro25Preview, "gemini-3.1-pro-preview"),
  /* #__PURE__ */ retired("gemini-2.5-flash-preview-04-17", over, "gemini-2.5-flash"),
  /* #__PURE__ */ retired("gemini-2.5-flash-preview-05-20", over, "gemini-2.5-flash"),
  {
    .../* #__PURE__ */ retired(
      "gemini-2.5-flash-preview-09-2025",
      flash25Preview,
      "gemini-2.5-flash",
    ),
    aliases: ["gemini-2.5-flash-preview-09-25"],
  },
  /* #__PURE__ */ retired("gemini-2.5-flash-lite-preview-06-17", over, "gemini-2.5-flash-lite"),
  /* #__PURE__ */ retired("gemini-2.0-flash-exp", over, "gemini-2.5-flash"),
  /* #__PURE__ */ retired("gemini-1.5-pro", over, "gemini-2.5-pro"),
  /* #__PURE__ */ retired("gemini-1.5-pro-latest", over, "gemini-2.5-pro"),
  /* #__PURE__ */ retired("gemini-1.5-flash", over, "gemini-2.5-flash"),
  /* #__PURE__ */ retired("gemini-1.5-flash-latest", over, "gemini-2.5-flash"),
  /* #__PURE__ */ retired("gemini-1.5-flash-8b", over, "gemini-2.5-flash-lite"),
  /* #__PURE__ */ retired("gemini-1.0-pro", over, "gemini-2.5-pro"),
  /* #__PURE__ */ retired("gemini-pro", over, "gemini-2.5-pro"),
  /* #__PURE__ */ retired("gemini-pro-vision", over, "gemini-2.5-flash"),
];
