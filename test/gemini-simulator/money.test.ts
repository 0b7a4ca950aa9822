import { createGemini, type Gemini, type ScenarioInput } from "@holdfast/gemini-simulator";
import { expect, test } from "vitest";

const start = Date.UTC(2026, 10, 2, 12);

function ask(gemini: Gemini, elapsed = 0, key = "K1") {
  const answer = gemini.handle(
    {
      method: "POST",
      url: "/v1beta/models/gemini-2.5-flash:generateContent",
      headers: { "x-goog-api-key": key },
      body: '{"contents":[{"parts":[{"text":"hi"}]}]}',
    },
    start + elapsed,
  );
  return `${answer.head?.status} ${gemini.log.last()?.fault ?? ""}`.trim();
}

const scenario: ScenarioInput = {
  accounts: [
    { name: "one", key: "K1", project: "a" },
    { name: "two", key: "K2", project: "b" },
    { name: "other", key: "K3", project: "c" },
  ],
  // One answer costs more than a dollar.
  price: { inputPerMillion: 1_000_000, outputPerMillion: 1_000_000 },
};

test("a billing account that spent too much in ten minutes stops all its projects, and it passes", () => {
  const gemini = createGemini({
    ...scenario,
    billingAccounts: [{ name: "firm", dollarsPerTenMinutes: 1 }],
    projects: [
      { name: "a", billingAccount: "firm" },
      { name: "b", billingAccount: "firm" },
      { name: "c" },
    ],
  });
  expect(ask(gemini)).toBe("200");
  expect(ask(gemini, 1000)).toBe("429 spend-rate");
  expect(ask(gemini, 1000, "K2")).toBe("429 spend-rate");
  expect(ask(gemini, 1000, "K3")).toBe("200");
  expect(ask(gemini, 599_999)).toBe("429 spend-rate");
  expect(ask(gemini, 600_000)).toBe("200");
});

test("a monthly cap stops one project until the month ends", () => {
  const gemini = createGemini({ ...scenario, projects: [{ name: "a", monthlyCap: 1 }] });
  expect(ask(gemini)).toBe("200");
  expect(ask(gemini, 1000)).toBe("429 spend-cap");
  expect(ask(gemini, 1000, "K2")).toBe("200");
  expect(ask(gemini, Date.UTC(2026, 11, 1) - start)).toBe("200");
});

test("a prepayment is used up for ever", () => {
  const gemini = createGemini({
    ...scenario,
    billingAccounts: [{ name: "firm", prepaid: 1 }],
    projects: [{ name: "a", billingAccount: "firm" }],
  });
  expect(ask(gemini)).toBe("200");
  expect(ask(gemini, 40 * 86_400_000)).toBe("429 spend-cap");
});

test("the tier of a project sets what it may spend", () => {
  const gemini = createGemini({ ...scenario, projects: [{ name: "a", tier: "tier-1" }] });
  expect(ask(gemini)).toBe("200");
  expect(ask(gemini)).toBe("429 spend-rate");
});
