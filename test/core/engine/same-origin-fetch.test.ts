import { sameOriginFetch } from "@holdfast/core";
import { describe, expect, test } from "vitest";

import { rejection } from "./set-up.ts";

const key = "AIzaSyFake-key-0123456789";
const headers = { "x-goog-api-key": key };

/** A web of redirects: from address to status and place. */
function web(redirects: Record<string, [number, string]>) {
  const asked: { url: string; method: string; body: string; key: string | null }[] = [];
  const fetch = sameOriginFetch(async (input, init) => {
    const request = new Request(input, init);
    asked.push({
      url: request.url,
      method: request.method,
      body: await request.text(),
      key: request.headers.get("x-goog-api-key"),
    });
    const [status, location] = redirects[request.url] ?? [200, ""];
    return new Response(status === 200 ? "ok" : null, {
      status,
      headers: location ? { location } : {},
    });
  });
  return { fetch, asked };
}

describe("a fetch that keeps to one origin", () => {
  test("follows a redirect inside it, with method, body and key", async () => {
    const { fetch, asked } = web({
      "https://a.example/one": [308, "/two"],
      "https://a.example/two": [307, "https://a.example/three"],
    });
    const response = await fetch("https://a.example/one", { method: "POST", body: "{}", headers });
    expect(await response.text()).toBe("ok");
    expect(asked.map(({ url }) => url)).toEqual([
      "https://a.example/one",
      "https://a.example/two",
      "https://a.example/three",
    ]);
    expect(asked[2]).toMatchObject({ method: "POST", body: "{}", key });
  });

  test("turns a POST that is sent on by 303 into a GET, as browsers do", async () => {
    const { fetch, asked } = web({ "https://a.example/one": [303, "/two"] });
    await fetch("https://a.example/one", { method: "POST", body: "{}", headers });
    expect(asked[1]).toMatchObject({ method: "GET", body: "" });
  });

  test.each([
    "https://b.example/one",
    "http://a.example/one",
    "https://a.example:8443/one",
    "//b.example/",
  ])("refuses a redirect to %s and sends nothing there", async (location) => {
    const { fetch, asked } = web({ "https://a.example/one": [307, location] });
    const error = await rejection(fetch("https://a.example/one", { headers }));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain("baseURL");
    expect(String(error)).not.toContain(key);
    expect(asked).toHaveLength(1);
  });

  test("refuses a redirect whose aim the runtime keeps to itself", async () => {
    const opaque = Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
    const fetch = sameOriginFetch(async () => opaque);
    expect(await rejection(fetch("https://a.example/", { headers }))).toBeInstanceOf(TypeError);
  });

  test("ends a circle of redirects", async () => {
    const { fetch, asked } = web({ "https://a.example/one": [307, "/one"] });
    expect(await rejection(fetch("https://a.example/one"))).toBeInstanceOf(TypeError);
    expect(asked).toHaveLength(6);
  });

  test("hands on what is no redirect, and the caller's abort", async () => {
    const { fetch } = web({ "https://a.example/one": [503, ""] });
    expect((await fetch("https://a.example/one")).status).toBe(503);
    const signal = AbortSignal.abort(new Error("gone"));
    const waiting = sameOriginFetch((input) => {
      const { signal: inner } = input as Request;
      return inner.aborted
        ? Promise.reject(inner.reason as Error)
        : Promise.resolve(new Response());
    });
    expect(String(await rejection(waiting("https://a.example/", { signal })))).toContain("gone");
  });
});
