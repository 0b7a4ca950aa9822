import { type Answer, textAnswer } from "./answer.ts";
import { type GeminiRequest } from "./request.ts";

/** 404 for a path that Google does not know: a page of HTML. */
export function notFoundPage(request: GeminiRequest): Answer {
  const [path = ""] = request.url.split("?");
  const shown = path.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const page = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>The requested URL <code>${shown}</code> was not found on this server.  <ins>That’s all we know.</ins>
`;
  return textAnswer(404, "text/html; charset=UTF-8", page);
}
