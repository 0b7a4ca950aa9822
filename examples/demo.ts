// The demo: three short stories of one policy object, told call by call.
// `demo` plays them against a simulated Gemini, `demo --live` against the real one.
import { readArguments } from "./demo/arguments.ts";

// What the SDK would warn of stands in the timeline.
globalThis.AI_SDK_LOG_WARNINGS = false;

const wish = readArguments(process.argv.slice(2), process.env);
if (wish.error !== undefined) {
  console.error(wish.error);
  process.exitCode = 2;
} else {
  const { play } = await import("./demo/play.ts");
  const { liveStage } = await import("./demo/live-stage.ts");
  const { simulatedStage } = await import("./demo/simulated-stage.ts");
  const stage = wish.apiKey === undefined ? await simulatedStage() : liveStage(wish.apiKey);
  try {
    const isAsTold = await play(stage);
    if (!isAsTold) process.exitCode = 1;
  } finally {
    await stage.close();
  }
}
