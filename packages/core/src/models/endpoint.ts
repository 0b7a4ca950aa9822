// An endpoint in the forms in which clients and relays give it out: with a version of the API at its end, or without.

/** A base URL, and the version of the API that its path ends in. The slash before a host is none of a path. */
const versioned = /^(.+[^/])\/(v\d\w*)$/;

/** A base URL in two. */
export interface Endpoint {
  /** Without version, and without a slash at its end. */
  root: string;
  /** The version that was at its end, such as `v1`. Absent where there was none. */
  version?: string;
}

/**
 * Takes the version of the API off the end of a base URL, for clients that add it by themselves: `https://relay.example/v1/`
 * is `https://relay.example` and `v1`. A URL without one comes back as it is but for slashes at its end.
 */
export function splitVersion(baseURL: string): Endpoint {
  const trimmed = baseURL.replace(/\/+$/, "");
  const [, root = trimmed, version] = versioned.exec(trimmed) ?? [];
  return { root, ...(version === undefined ? {} : { version }) };
}

/** A base URL that ends in a version: its own, or else the one that is given. */
export function withVersion(baseURL: string, missing: string): string {
  const { root, version = missing } = splitVersion(baseURL);
  return version === "" ? root : `${root}/${version}`;
}
