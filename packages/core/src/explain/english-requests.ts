import { type AnswerKind, type Article, type RequestKind } from "./article.ts";

/** English: the request and its answer. */
export const englishRequests: Readonly<Record<RequestKind | AnswerKind, Article>> = {
  "invalid-request": {
    title: "The request is not valid",
    what: "The API understood who asks, but not what: something in the request is malformed, missing or not allowed. The same request fails every time.",
    causes: [
      "The body is not valid JSON: a comma too many, a quote or bracket missing, a text that was not escaped.",
      "A required parameter is missing, such as contents, or the parts of a content.",
      'A field has the wrong type, such as temperature as a string ("0.7" in place of 0.7).',
      "contents or parts are empty, often because a history keeps an answer without text.",
      "A field's name is misspelled, or belongs to a newer version of the API (v1beta) than the one called (v1).",
      "The model's name is misspelled, or the model lacks what is asked: thinking, tools, images.",
      "Function calls and their responses are out of order, or a thought signature is missing from the history.",
    ],
    actions: [
      "Read error.message: it names the field, as a path such as contents[2].parts.",
      "Compare the body with the API reference; let JSON.stringify write it rather than string concatenation.",
      "Give numbers as numbers and lists as lists; remove empty contents and empty parts.",
      "Run the preflight of @holdfast/core/models over the body: it finds these faults before anything is sent.",
    ],
  },
  "payload-too-large": {
    title: "The request is too large",
    what: "The body has more bytes than the endpoint, or a proxy before it, accepts. That is not about tokens.",
    causes: [
      "Images, audio or video stand inside the body as base64, which adds a third to their size.",
      "A proxy or relay on the way has a lower limit than Google (HTTP 413).",
    ],
    actions: [
      "Upload media with the Files API and refer to them by their URI.",
      "Scale images down, cut audio and video, or send fewer at a time.",
      "Raise the body limit of your proxy.",
    ],
  },
  "resource-not-found": {
    title: "A file, cache or batch was not found",
    what: "The request refers to something that does not exist where the key looks for it.",
    causes: [
      "The file has expired: files are deleted after 48 hours, cached content after its TTL.",
      "It was made with a key of another project; files, caches and batches belong to the project that made them.",
      "Its name is misspelled.",
    ],
    actions: [
      "Upload the file or create the cache again, and use the new name.",
      "Pin the calls that use it to the account that made it.",
    ],
  },
  "context-length-exceeded": {
    title: "The input is longer than the model's window",
    what: "The input has more tokens than the model can take in one call.",
    causes: [
      "The conversation's history has grown without being cut.",
      "A whole document or a large tool result was put into the prompt.",
      "Images, audio or video count more tokens than expected.",
    ],
    actions: [
      "Shorten the input: drop old turns or summarise them, send the relevant parts of a document only.",
      "Count before sending, with countTokens or estimateTokens of @holdfast/core/models.",
      "Use a model with a larger window; name it among the fallbacks.",
    ],
  },
  "truncated-max-tokens": {
    title: "The output limit was used up before any text came",
    what: "The model stopped at maxOutputTokens, and nothing of that was text.",
    causes: [
      "Thinking counts as output and used up the budget.",
      "maxOutputTokens is too small for what is asked.",
    ],
    actions: [
      "Raise maxOutputTokens, or leave it out.",
      "Lower thinkingLevel, or thinkingBudget with Gemini 2.5.",
      "Ask for a shorter answer.",
    ],
  },
  "model-not-found": {
    title: "The model does not exist, or not for this project",
    what: "The name in the request is not a model that this project can call with this method and version of the API.",
    causes: [
      "The model's name is misspelled.",
      "The model was shut down, or is closed to projects that have not used it before; the list of models may still show it.",
      "The model exists, but not for this method (an embedding model asked to chat), this API version or this region.",
    ],
    actions: [
      "Use a name from the list of models, spelled exactly.",
      "Move to the successor of a model that was shut down.",
      "List what your key can call: GET /v1beta/models.",
    ],
  },
  cancelled: {
    title: "The call was cancelled",
    what: "Your own code aborted the signal it gave to the call.",
    causes: [
      "A user closed the page or pressed stop.",
      "A timeout of your own, such as AbortSignal.timeout, ran out.",
    ],
    actions: [
      "Nothing, if that was meant.",
      "Give the call more time, or set the policy's deadline in place of a timeout around it.",
    ],
  },
  unknown: {
    title: "The failure is not known",
    what: "Neither the status nor the content of this failure is one that Holdfast knows.",
    causes: [
      "An error of your own code or of a library came out of the call.",
      "A relay or proxy answered in a form of its own.",
      "The API has a new kind of error.",
    ],
    actions: [
      "Read error.message and the cause of the error.",
      "Teach the policy what it means, with a rule of your own.",
      "Try the same request with curl, to see who answers.",
    ],
  },
  "empty-response": {
    title: "The answer was empty",
    what: "The API answered with success, but without any content.",
    causes: [
      "The model ended its turn at once; sampling again often helps.",
      "The prompt ends in a way that needs no answer, or the history ends with the model's turn.",
      "A tool result or stop sequence ended the answer before it began.",
    ],
    actions: [
      "Let it be repeated; if it stays empty, change the prompt's end or the stop sequences.",
      "Try another model.",
    ],
  },
  "malformed-function-call": {
    title: "The model wrote a function call that cannot be used",
    what: "The answer calls a function in a way that does not parse, or a function that was not offered.",
    causes: [
      "The schema of the function is deep, large or ambiguous.",
      "The arguments hold much text that needs escaping, such as code.",
      "The history mentions tools that this request does not declare.",
    ],
    actions: [
      "Simplify the function's schema and description; offer fewer functions at once.",
      "Lower the temperature where the model still reads it, or try another model.",
    ],
  },
  recitation: {
    title: "The answer was withheld as recitation",
    what: "The answer came too close to published text, so Google stopped it.",
    causes: [
      "The prompt asks for known text: lyrics, articles, licences, well-known code.",
      "The answer happened to repeat a source at length.",
    ],
    actions: [
      "Ask for a summary or for own words, and add context of your own.",
      "Let it be repeated: another sample often passes.",
    ],
  },
  "stream-interrupted": {
    title: "The stream broke off",
    what: "The answer began, but its stream ended before it was complete.",
    causes: [
      "A proxy or load balancer closed an idle or long connection.",
      "The server failed in the middle of the answer.",
      "The network changed: Wi-Fi, VPN, a laptop asleep.",
    ],
    actions: [
      "Ask again; text that was already shown is never repeated silently.",
      "Raise idle timeouts of proxies, and switch off their buffering for this path.",
    ],
  },
  "content-blocked-prompt": {
    title: "The prompt was blocked",
    what: "A content policy refused the prompt before the model answered. Holdfast does not try to get around such a block.",
    causes: [
      "A safety filter is set more strictly than the use needs.",
      "The prompt, its history or an image in it falls under a policy that cannot be changed.",
    ],
    actions: [
      "Read promptFeedback.blockReason and the safety ratings.",
      "Rephrase the prompt, or leave out the part that is refused.",
      "Review safetySettings, where the block comes from an adjustable category.",
    ],
  },
  "content-blocked-response": {
    title: "The answer was blocked",
    what: "The model answered, but a content policy withheld the answer. Holdfast does not try to get around such a block.",
    causes: [
      "A safety filter is set more strictly than the use needs.",
      "The answer falls under a policy that cannot be changed, such as personal data or prohibited content.",
    ],
    actions: [
      "Read finishReason and the safety ratings of the candidate.",
      "Rephrase the prompt so that it leads elsewhere.",
      "Review safetySettings, where the block comes from an adjustable category.",
    ],
  },
};
