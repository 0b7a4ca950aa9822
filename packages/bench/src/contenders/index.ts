import { type Contender } from "../contender.ts";
import { aiFallback, aiRetry, aiSdk } from "./ai-sdk.ts";
import { naive, none, relay } from "./by-hand.ts";
import { holdfast, holdfastContinue, holdfastEager, holdfastSliding } from "./holdfast.ts";
import { langchain, langchainMiddleware, langchainRunnables } from "./langchain.ts";
import { oracle, oracleFail } from "./oracle.ts";
import { geminiCli, gptLoad, litellm } from "./ports.ts";
import { cockatielUsual, pRetryUsual } from "./retry-packages.ts";

/** All policies, ours first, the bound last. */
export const contenders: readonly Contender[] = [
  holdfast(),
  holdfastContinue,
  holdfastEager,
  holdfastSliding,
  none,
  naive,
  relay,
  pRetryUsual,
  cockatielUsual,
  aiSdk,
  aiRetry,
  aiFallback,
  langchain,
  langchainRunnables,
  langchainMiddleware,
  litellm,
  geminiCli,
  gptLoad,
  oracleFail,
  oracle,
];
