import { connectionAnswer } from "../answer.ts";
import { type Fault, defineFault } from "./fault.ts";

/** The request is read and never answered. */
export const hang: Fault = defineFault({
  name: "hang",
  options: {},
  answer: () => connectionAnswer("hang"),
});
