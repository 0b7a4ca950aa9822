import { textAnswer } from "../answer.ts";
import { type Fault, defineFault } from "./fault.ts";

/** 502 with a page of HTML, from the front end and not from Gemini. */
export const badGateway: Fault = defineFault({
  name: "bad-gateway",
  options: {},
  answer: () => textAnswer(502, "text/html; charset=UTF-8", page),
});

const page = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 502 (Server Error)!!1</title>
  <p><b>502.</b> <ins>That’s an error.</ins>
  <p>The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.  <ins>That’s all we know.</ins>
`;
