import { type Contender } from "../contender.ts";
import { naive, none, relay } from "./by-hand.ts";
import { holdfast } from "./holdfast.ts";
import { oracle } from "./oracle.ts";

/** All policies, ours first, the bound last. */
export const contenders: readonly Contender[] = [holdfast(), none, naive, relay, oracle];
