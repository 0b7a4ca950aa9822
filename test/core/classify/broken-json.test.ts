import { classify } from "@holdfast/core";
import { expect, test } from "vitest";

const whole = JSON.stringify({
  candidates: [{ content: { parts: [{ text: 'Hel"lo' }] }, index: 0 }],
});

test("a body cut at any place is an interrupted stream, whatever the parser says of it", () => {
  for (let length = 0; length < whole.length; length += 1) {
    const cut = whole.slice(0, length);
    expect(() => JSON.parse(cut)).toThrow(
      expect.toSatisfy((error: unknown) => classify(error).kind === "stream-interrupted"),
    );
  }
});
