// What a prompt tells of where it belongs.
import { type HostMessage, type HostOptions, type HostPart } from "./host-types.ts";

const googleFile = /\/v1\w*\/files\//;

function isProjectFile({ data, image }: HostPart): boolean {
  const place: unknown = data ?? image;
  if (place instanceof URL || typeof place === "string")
    return googleFile.test(String(place).slice(0, 200));
  const { type, url } = (place ?? {}) as { type?: unknown; url?: unknown };
  return type === "reference" || (type === "url" && googleFile.test(String(url)));
}

/** Whether a call speaks of uploaded files or cached contents: only the project that has them can serve it. */
export function isOfProject({ prompt, providerOptions }: HostOptions): boolean {
  if (providerOptions?.["google"]?.["cachedContent"]) return true;
  if (typeof prompt !== "object") return false;
  return prompt.some(
    ({ content }) =>
      typeof content === "object" &&
      content.some(
        (part) => (part.type === "file" || part.type === "image") && isProjectFile(part),
      ),
  );
}

function firstText({ content }: HostMessage): string {
  if (typeof content === "string") return content;
  const text = content.find((part) => part.type === "text")?.text;
  return typeof text === "string" ? text : "";
}

/**
 * A name for the conversation or tool loop that a call belongs to, by how it began: its target may have cached that.
 * Calls without a history have nothing that could be cached.
 */
export function conversationOf({ prompt }: HostOptions): string | undefined {
  if (typeof prompt !== "object" || !prompt.some(({ role }) => role === "assistant"))
    return undefined;
  const began = prompt.find(({ role }) => role === "user");
  const text = began && firstText(began).slice(0, 200);
  return text || undefined;
}
