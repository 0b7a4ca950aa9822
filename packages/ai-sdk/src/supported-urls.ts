import { type HostLanguageModel, type SupportedUrls } from "./host-types.ts";

function isPromise(value: unknown): value is PromiseLike<SupportedUrls> {
  return typeof (value as { then?: unknown } | undefined)?.then === "function";
}

const everything = ["*", "*/*"];

function accepts(urls: SupportedUrls, mediaType: string, pattern: RegExp): boolean {
  return [mediaType, ...everything].some((key) =>
    urls[key]?.some(({ source, flags }) => source === pattern.source && flags === pattern.flags),
  );
}

function intersect([first = {}, ...others]: readonly SupportedUrls[]): SupportedUrls {
  const common: Record<string, readonly RegExp[]> = {};
  for (const [mediaType, patterns] of Object.entries(first)) {
    const shared = patterns.filter((pattern) =>
      others.every((urls) => accepts(urls, mediaType, pattern)),
    );
    if (shared.length > 0) common[mediaType] = shared;
  }
  return common;
}

/** URLs that all models fetch by themselves: the SDK downloads any other, so that every fallback can read it. */
export function commonUrls(
  models: readonly HostLanguageModel[],
): SupportedUrls | Promise<SupportedUrls> {
  const all = models.map(({ supportedUrls }) => supportedUrls ?? {});
  if (all.length === 1 && all[0]) return all[0] as SupportedUrls;
  if (!all.some(isPromise)) return intersect(all as SupportedUrls[]);
  return Promise.all(all.map(async (urls) => urls)).then(intersect);
}
