import { connectionAnswer } from "../answer.ts";
import { type Fault, defineFault } from "./fault.ts";

/** Nobody listens: the connection is refused. Over a socket that already stands it is a reset. */
export const refused: Fault = defineFault({
  name: "refused",
  options: {},
  answer: () => connectionAnswer("refused"),
});
