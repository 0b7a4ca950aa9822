import { createGemini, type Gemini, type ScenarioInput } from "@holdfast/gemini-simulator";
import { describe, expect, test } from "vitest";

function ask(gemini: Gemini, { path = "", headers = {}, query = "" } = {}): string {
  const answer = gemini.handle(
    {
      method: "POST",
      url: `${path}/v1beta/models/gemini-2.5-flash:generateContent${query}`,
      headers,
      body: '{"contents":[{"parts":[{"text":"hi"}]}]}',
    },
    Date.UTC(2026, 10, 2),
  );
  const { account, fault } = gemini.log.last() ?? {};
  return [answer.head?.status, account, fault].filter(Boolean).join(" ");
}

const key = (name: string) => ({ headers: { "x-goog-api-key": name } });

describe("keys", () => {
  test("come in a header or in the query", () => {
    const gemini = createGemini({ accounts: [{ name: "main", key: "K1" }] });
    expect(ask(gemini, key("K1"))).toBe("200 main");
    expect(ask(gemini, { query: "?key=K1" })).toBe("200 main");
    expect(ask(gemini, { headers: { authorization: "Bearer K1" } })).toBe("401 unsupported-token");
    expect(ask(gemini)).toBe("403 unregistered-caller");
    expect(ask(gemini, key("K2"))).toBe("400 invalid-key");
  });

  test("that nobody declared are good, and numbered as they come", () => {
    const gemini = createGemini();
    expect([ask(gemini, key("a")), ask(gemini, key("b")), ask(gemini, key("a"))]).toEqual([
      "200 key-1",
      "200 key-2",
      "200 key-1",
    ]);
  });

  test("are nowhere in the log", () => {
    const gemini = createGemini();
    ask(gemini, key("very-secret"));
    ask(gemini, { query: "?key=very-secret" });
    expect(JSON.stringify(gemini.log.all())).not.toContain("very-secret");
  });
});

describe("faults of accounts, projects and endpoints", () => {
  const scenario: ScenarioInput = {
    accounts: [
      { name: "dead", key: "K1", fault: "expired-key" },
      { name: "poor", key: "K2", project: "unpaid" },
      { name: "good", key: "K3" },
      { name: "guest", key: "R1" },
    ],
    projects: [{ name: "unpaid", fault: "billing-required" }],
    endpoints: [
      { name: "google", path: "", fault: "region-blocked", accounts: ["dead", "poor", "good"] },
      { name: "relay", path: "/relay", accounts: ["guest"] },
    ],
  };

  test("meet every call of theirs, the account's first", () => {
    const gemini = createGemini(scenario);
    expect(ask(gemini, key("K1"))).toBe("400 dead expired-key");
    expect(ask(gemini, key("K2"))).toBe("403 poor billing-required");
    expect(ask(gemini, key("K3"))).toBe("400 good region-blocked");
  });

  test("leave the relay alone, whose keys are its own", () => {
    const gemini = createGemini(scenario);
    expect(ask(gemini, { path: "/relay", ...key("R1") })).toBe("200 guest");
    expect(ask(gemini, { path: "/relay", ...key("K3") })).toBe("400 invalid-key");
    expect(ask(gemini, key("R1"))).toBe("400 invalid-key");
    expect(gemini.log.all().map(({ endpoint }) => endpoint)).toEqual(["relay", "relay", "google"]);
  });

  test("a named scenario has a blocked Google and an open relay", () => {
    const gemini = createGemini("blocked-region");
    expect(ask(gemini, key("K1"))).toBe("400 key-1 region-blocked");
    expect(ask(gemini, { path: "/relay", ...key("K1") })).toBe("200 key-1");
  });
});
