import { type PrepareMessages } from "./chat-attempt.ts";

/** The history as it is. */
export const keepMessages: PrepareMessages = (messages) => messages;
