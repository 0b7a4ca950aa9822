import { GaveUpError } from "@holdfast/core";

import { aiSdkStory } from "./ai-sdk-story.ts";
import { langchainStory } from "./langchain-story.ts";
import { demoPolicy } from "./policy.ts";
import { duration, paint, print } from "./print.ts";
import { sharedStory } from "./shared-story.ts";
import { type Stage } from "./stage.ts";
import { type Scene } from "./story.ts";
import { type Result, summary } from "./summary.ts";
import { type Tally, timelineOf } from "./timeline.ts";

const stories = [aiSdkStory, langchainStory, sharedStory];

/** Makes the call of a scene; what is not a policy's own error is a bug and is thrown on. */
async function perform(scene: Scene): Promise<{ answer: string } | { refusal: GaveUpError }> {
  try {
    return { answer: await scene.run() };
  } catch (error) {
    if (GaveUpError.isInstance(error)) return { refusal: error };
    throw error;
  }
}

async function show(scene: Scene, tally: Tally): Promise<Result> {
  const startedAt = performance.now();
  const end = await perform(scene);
  const took = duration(performance.now() - startedAt);
  const answered = "answer" in end;
  if (answered) {
    print(
      "      ✓ ",
      `${tally.attempts} attempt${tally.attempts === 1 ? "" : "s"}, ${took}: “${end.answer}”`,
      paint.good,
    );
  } else print("      ✗ ", end.refusal.message, paint.bad);
  console.log();
  return {
    ...tally,
    framework: scene.framework,
    answered,
    asTold: answered === (scene.ends !== "refusal"),
  };
}

/** Plays all stories; answers whether they went as told. The real Gemini has only to answer something. */
export async function play(stage: Stage): Promise<boolean> {
  const policy = demoPolicy(stage);
  const timeline = timelineOf(policy);
  const names = stage.accounts.map(({ name }) => name).join(", ");
  console.log(`\n${paint.strong("Holdfast")}: three stories of one policy object`);
  print(
    "  ",
    `All calls go to ${stage.place}. The policy has the accounts ${names}, and fallbacks from Pro to Flash to Flash-Lite.`,
  );
  const results: Result[] = [];
  for (const [nth, { title, scenes }] of stories.entries()) {
    console.log(`\n${paint.strong(`Story ${nth + 1}: ${title}`)}\n`);
    for (const scene of scenes(policy)) {
      const number = results.length + 1;
      stage.weather(scene.weather);
      print(`  ${String(number).padStart(2)}  `, `${scene.framework}: ${scene.call}`, paint.strong);
      if (stage.simulated) print("      ", scene.plot);
      results.push(await show(scene, timeline.begin({ number, framework: scene.framework })));
    }
  }
  timeline.end();
  console.log(`\n${summary(results)}`);
  return stage.simulated
    ? results.every(({ asTold }) => asTold)
    : results.some(({ answered }) => answered);
}
