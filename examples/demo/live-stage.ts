import { type Stage } from "./stage.ts";

/** The real Gemini. The first account has a key that nobody ever issued, so that there is something to survive. */
export function liveStage(apiKey: string): Stage {
  return {
    place:
      'the real Gemini API; the account "fake" has a key that does not exist, "main" has yours',
    simulated: false,
    accounts: [
      { name: "fake", apiKey: "AIzaThisKeyWasMadeUpForTheHoldfastDemo0" },
      { name: "main", apiKey },
    ],
    quotaWindow: 60_000,
    weather() {},
    close: () => Promise.resolve(),
  };
}
