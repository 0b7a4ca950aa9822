// A key goes to its account's endpoint alone, not along a redirect to another origin.

const mostRedirects = 5;

/** Redirects that keep method and body. */
const keepsBody = new Set([307, 308]);

/**
 * A `fetch` for factories of clients that follows redirects only within the same origin, so that no key follows one
 * to another.
 * @throws TypeError in place of a redirect to another origin, or of too many
 */
export function sameOriginFetch(
  fetch: typeof globalThis.fetch = globalThis.fetch,
): typeof globalThis.fetch {
  return async function sameOrigin(input, init) {
    let request = new Request(input, init);
    for (let count = 0; count <= mostRedirects; count += 1) {
      // A body can be read once; the copy is for the next redirect.
      const response = await fetch(new Request(request.clone(), { redirect: "manual" }));
      const location = response.headers.get("location");
      if (response.type === "opaqueredirect")
        throw refused(request.url, "a place the runtime does not tell");
      if (response.status < 300 || response.status >= 400 || !location) return response;
      const to = new URL(location, request.url);
      if (to.origin !== new URL(request.url).origin) throw refused(request.url, to.origin);
      await response.body?.cancel();
      request = keepsBody.has(response.status)
        ? new Request(to, request)
        : new Request(to, { method: "GET", headers: request.headers, signal: request.signal });
    }
    throw new TypeError(
      `Holdfast: ${new URL(request.url).origin} redirected more than ${mostRedirects} times`,
    );
  };
}

function refused(from: string, to: string): TypeError {
  return new TypeError(
    `Holdfast: ${new URL(from).origin} redirects to ${to}; a key is not sent to another origin. Give that one as the account's baseURL if you trust it.`,
  );
}
