import { z } from "zod";

import { textAnswer } from "../answer.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 200 with a page of HTML, as the login page of a company's proxy. */
export const htmlPage: Fault = defineFault({
  name: "html-page",
  options: { status: z.number().int().min(200).max(599).default(200) },
  answer: ({ status }) => textAnswer(status, "text/html", page),
});

const page =
  "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Please sign in to the network</h1></body></html>\n";
