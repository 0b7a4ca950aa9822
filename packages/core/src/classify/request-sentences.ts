// What the request asked for that is not there, is too large, cannot be done or cannot be read.

import { anyOf, type Sentence } from "./sentence.ts";

const modelSentences: readonly Sentence[] = [
  {
    says: /to new (?:users|customers|projects|accounts)/i,
    kind: "model-not-found",
    helps: { account: true },
  },
  // Another version or another host may know the path.
  {
    says: /requested url\b.{0,200}\bwas not found/i,
    kind: "model-not-found",
    helps: { endpoint: true },
  },
  { says: /publisher model/i, kind: "model-not-found", helps: { endpoint: true } },
  {
    says: /\bmodels?\b.{0,120}\bnot (?:supported|available|offered) in (?:the )?(?:region|location|zone)/i,
    kind: "model-not-found",
    helps: { endpoint: true },
  },
  {
    says: anyOf(
      /is not found for api version/,
      /is not supported for \w*(?:content|predict|embed|token)\w*/,
      /requested entity was not found/,
      /no endpoints found(?! that)/,
      /(?:unknown|no such|invalid|unrecognized|unsupported|nonexistent) model\b(?! (?:config|param|output|response|version))/,
      /not a (?:valid|supported) model|no model (?:called|named|with)\b/,
    ),
    kind: "model-not-found",
  },
];

const resource =
  "(?:files?|cached ?contents?|cache(?: entry)?|batch(?:es)?|operations?|tuned ?models?|file ?(?:search )?stores?|corpora|corpus)";

const resourceSentences: readonly Sentence[] = [
  // The file is still being processed: the same call works seconds later.
  { says: /not in an? active state/i, kind: "invalid-request", retryable: true },
  {
    says: new RegExp(
      [
        `\\b${resource}[ :/]{1,2}["'\`]?[\\w/.-]{0,100}["'\`]? ?(?:or it may not exist|(?:was |is |could )?not (?:be )?found|does not exist|no longer exists|was deleted|(?:(?:has|is) )?expired)`,
        `not found:? ?["'\`]?(?:the )?${resource}\\b`,
        "permission to access the (?:file|cached ?content)",
      ].join("|"),
      "i",
    ),
    kind: "resource-not-found",
  },
];

/** Of what may be missing, a model speaks of itself and not of something else in the same sentence. */
const nothingElse =
  "(?:(?!\\b(?:tools?|functions?|files?|fields?|keys?|hosts?|methods?|projects?|modules?|url)\\b).){0,120}?";

const goneModelSentences: readonly Sentence[] = [
  {
    says: new RegExp(
      `\\b(?:models?\\b|models\\/|gemini-|gemma-|gpt-|claude-)${nothingElse}(?:(?<!\\b404 )not (?:be )?found|does not exist|doesn't exist|no longer (?:available|supported)|not available|isn't available|(?:not|n't) recogni[sz]ed|(?:has been|was|been) (?:retired|shut ?down|discontinued|removed|deprecated|sunset)|is (?:retired|deprecated|discontinued)|end[- ]of[- ]life)`,
      "i",
    ),
    kind: "model-not-found",
  },
];

const sizeSentences: readonly Sentence[] = [
  {
    says: anyOf(
      /input token count/,
      /exceeds? (?:the |its )?(?:maximum|max)\b.{0,20}\btokens?\b/,
      /\b(?<!output )tokens?\b.{0,40}\bexceeds?\b.{0,40}\b(?:maximum|max|limit|context|window)\b/,
      /\d[km]? (?:input |prompt )?tokens\b.{0,40}\b(?:maximum|limit|at most|up to|only)\b/,
      /\btokens?\b.{0,40}\bmust be (?:<|less|fewer|below|under|at most)/,
      /context[ _](?:length|window|size|limit)|exceeds? (?:the )?(?:model'?s? )?context\b/,
      /maximum context/,
      /(?:prompt|input|conversation|history) (?:is )?too long/,
      /too many (?:input |prompt )?tokens/,
      /(?<!output )token limit (?:exceeded|reached)/,
      /reduce the length of the (?:messages|prompt|input)/,
    ),
    kind: "context-length-exceeded",
  },
  {
    says: anyOf(
      /(?:payload|request|body|content|entity|files?|image|video|audio|document|upload) (?:size (?:of )?(?:\d+ )?(?:bytes )?exceed|(?:is |was )?(?:too large|larger than))/,
      /payload size|larger than (?:is )?allowed|\bexceeds? \d+ ?(?:[km]i?b|bytes)\b/,
      /maximum (?:request|body|payload)(?: body)? size/,
    ),
    kind: "payload-too-large",
  },
];

// Two things that do not go together are the request's fault; a thing that cannot be done at all is the model's.
const alone = "(?:(?!\\b(?:with|and|both|together|combin\\w*)\\b).){0,80}?";
const abilities = [
  "thinking\\w*|reasoning\\w*",
  "function[_ ]?call(?:ing)?|tool[_ ]?(?:use|call(?:ing)?|config)|tools?",
  "search(?: as tool| grounding)?|grounding|code execution|url context",
  "json mode|response[_ ]?(?:schema|mime[_ ]?type|modalit(?:y|ies))",
  "system[_ ]?(?:instruction|prompt|role)|developer instruction",
  "modalit(?:y|ies)|multi-?modal(?: (?:input|output))?|(?:image|audio|video|text|pdf|file)s? (?:input|output)|media resolution|image generation",
  "penalty|logprobs|candidate[_ ]?count|caching|cached content|multi-?turn(?: chat)?|streaming",
].join("|");

/** What a model cannot do, another may. */
const capabilitySentences: readonly Sentence[] = [
  {
    says: /no endpoints found that (?:support|can)/i,
    kind: "invalid-request",
    helps: { model: true },
  },
  {
    says: anyOf(
      /\bwith\b.{0,80}\b(?:is|are) (?:unsupported|not supported)\b(?!.{0,20}\bmodel)/,
      /can ?not be (?:combined|used (?:with|together))/,
      /(?:unsupported|not supported|not allowed) (?:together with|with|when|alongside) (?!(?:this|the) model|models?\b|gemini|gemma)/,
    ),
    kind: "invalid-request",
  },
  { says: /thought[_ ]?signature/i, kind: "invalid-request", helps: { model: true } },
  {
    says: new RegExp(
      `\\b(?:${abilities})\\b${alone}\\b(?:(?:is|are) not (?:supported|enabled|available|allowed)|isn't (?:supported|enabled)|not (?:supported|configurable)|(?:is|are) unsupported|can(?:not| ?not|'t) be disabled)\\b`,
      "i",
    ),
    kind: "invalid-request",
    helps: { model: true },
  },
  {
    says: anyOf(
      /(?:not supported|not enabled|unsupported|not available|not allowed) (?:by|for|with|on|in) (?:this model|the model|model\b|models\/|gemini|gemma)/,
      /\bmodel\b(?: ['`"]?[\w./:-]{1,80}['`"]?)? (?:only (?:works|supports|accepts)|does(?: not|n't) (?:support|accept)|cannot)/,
      /\bonly (?:supports? )?(?:one|an? single|single|\d{1,3}) candidates?\b/,
      /(?:gemini|gemma)-[\w.-]{1,60} (?:only works|only supports|does not support)/,
    ),
    kind: "invalid-request",
    helps: { model: true },
  },
];

/** Models, files, sizes, abilities. */
export const requestedSentences: readonly Sentence[] = [
  ...modelSentences,
  ...resourceSentences,
  ...goneModelSentences,
  ...sizeSentences,
  ...capabilitySentences,
];

/** What is said of a request that cannot be read; asked where no status says so already. */
export const invalidSentences: readonly Sentence[] = [
  {
    says: anyOf(
      /contains (?:an )?invalid arguments?/,
      /\b(?:generate|count|embed|batch|stream|upload|create|update|import|cached?)\w*(?:request|content)\.[a-z]\w*/,
      /unable to submit request because/,
      /invalid json payload|(?:malformed|invalid) json in (?:the )?(?:request|body)/,
      /invalid value (?:at|for|of)\b/,
      /(?:unknown|missing|unexpected|unrecognized|unsupported|invalid) (?:required )?(?:name|field|parameter|argument|property|role)\b(?! ?`| (?:for|to|of) (?:tool|function))/,
      /is not specified|must not be empty|must be specified|proto is invalid/,
      /\b(?:temperature|top_?[pk]|max\w*tokens|candidate_?count|stop_?sequences|contents?|messages|parts|mime type|role)\b (?:must|should|cannot|is required|are required)\b/,
      /please ensure that (?:the number|function|multi-?turn|the role)/,
      /please use a valid role/,
      /invalid_argument|invalid_request_error/,
      /\bbad request\b/,
      /requires at least one|\bonly (?:set )?(?:only )?one of\b/,
      /harmblockthreshold/,
    ),
    kind: "invalid-request",
  },
];
