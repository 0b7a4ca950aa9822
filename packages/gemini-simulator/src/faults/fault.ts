import { z } from "zod";

import { type Answer } from "../answer.ts";
import { type GoogleError } from "../google-error.ts";
import { type JsonObject } from "../json.ts";
import { type Model } from "../models.ts";
import { type Usage } from "../reply/messages.ts";
import { type Call } from "../request.ts";
import { type Tier } from "../scenario.ts";

/** What a fault may know and use. */
export interface FaultContext {
  call: Call;
  /** The model that was asked for; a made-up one when it does not exist. */
  model: Model;
  /** The number of the project, as Google prints it in refusals. */
  projectNumber: string;
  tier: Tier | undefined;
  /** The key that arrived. For the sentence that quotes it, and nothing else. */
  key: string;
  /** Milliseconds until the current minute of the quotas and the current day end. */
  untilMinuteEnds: number;
  untilDayEnds: number;
  /** What the prompt alone uses, and the fields that end every good answer. */
  usage: () => Usage;
  envelope: { modelVersion: string; responseId: string };
  /** An error answer, framed as this call expects it. */
  refuse: (error: GoogleError) => Answer;
  /** 200 with these messages, framed as this call expects it; the good answer when the call generates nothing. */
  respond: (...messages: JsonObject[]) => Answer;
  /** What Gemini would have answered. */
  succeed: () => Answer;
}

/** One way to misbehave. */
export interface Fault {
  name: string;
  /** What a scenario may say about it. */
  options: z.ZodObject;
  /** The answer, out of options that have been checked. */
  answer: (options: object, context: FaultContext) => Answer;
}

/** Defines a fault whose answer is typed by its options. */
export function defineFault<Shape extends z.ZodRawShape>(definition: {
  name: string;
  options: Shape;
  answer: (options: z.output<z.ZodObject<Shape, z.core.$strict>>, context: FaultContext) => Answer;
}): Fault {
  const { name, answer } = definition;
  const options = z.strictObject(definition.options);
  return {
    name,
    options,
    answer: (given, context) => answer(given as z.output<typeof options>, context),
  };
}

/** A fault that always is the same refusal. */
export function refusal(name: string, error: (context: FaultContext) => GoogleError): Fault {
  return defineFault({ name, options: {}, answer: (_, context) => context.refuse(error(context)) });
}
