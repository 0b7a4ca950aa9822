// What the sentences of an error say, most telling first. The table reads from the top; the first that holds wins.
// Each rule asks for the idea of a sentence, not for its exact words: providers reword, relays quote, terminals wrap.

import type { Verdict } from "./make-failure.ts";

/** An idea and what it means where a sentence holds it. */
export interface Sentence extends Verdict {
  says: RegExp;
}

/** Money: the API's own wording, OpenAI's, Anthropic's and OpenRouter's. */
export const moneySentences: readonly Sentence[] = [
  { says: /spend[- ]based rate|spending rate/i, kind: "rate-limit-spend" },
  {
    says: /pre-?pa(?:id|y|yment)[\w ]{0,20}(?:credit|balance)s?\b.{0,40}(?:deplet|exhaust|run out|used up|insufficient)|spend(?:ing)? (?:cap|limit)|credit balance is too low|insufficient (?:credits?|balance|funds)|out of credits|(?:more|not enough) credits|insufficient_(?:user_)?quota|billing hard limit|payment required|\bcredits? (?:balance )?(?:is |are |has been |have been )?(?:deplet|exhaust|used up)|(?:ran|run) out of (?:credit|fund|balance)|budget has been exceeded|exceeded ?budget/i,
    kind: "spend-cap",
  },
];

const keySentences: readonly Sentence[] = [
  {
    says: /api[ _-]?key (?:has |is )?expired|expired api[ _-]?key|renew the api[ _-]?key/i,
    kind: "api-key-expired",
  },
  {
    says: /(?:key|credential)s?\b.{0,40}\b(?:leaked|compromised|publicly exposed)/i,
    kind: "api-key-leaked",
  },
  {
    says: /requests? (?:to this api|from (?:this )?(?:referr?er|android|ios|ip))\b.{0,200}?\bblocked|(?:ip|ip address|referr?er|application|api) restriction|violates this restriction/i,
    kind: "api-key-restricted",
  },
  {
    says: /api[ _-]?key (?:is |was )?(?:not valid|not found|invalid|incorrect|malformed)|(?:invalid|incorrect|wrong|bad)\b(?: \w+)? api[ _-]?key|pass a valid api[ _-]?key/i,
    kind: "invalid-api-key",
  },
  {
    says: /unregistered callers|invalid authentication|missing (?:required )?(?:authentication|credentials)|expected oauth|login required|api keys? (?:are|is) not supported|api[ _-]?key (?:is )?(?:missing|required)|(?:missing|no|without an?) api[ _-]?key|could not (?:load|refresh|find)[\w ]{0,30} credentials|access token (?:has )?expired|invalid_grant|re-?authenticat/i,
    kind: "unauthenticated",
  },
];

const projectSentences: readonly Sentence[] = [
  {
    says: /has not been used in project|\bapi (?:is |has )?(?:not (?:been )?enabled|disabled)|it is disabled\. enable it/i,
    kind: "api-not-enabled",
  },
  {
    says: /(?:project|account|consumer|organi[sz]ation|user|key)\b.{0,80}\b(?:suspended|deactivated|been terminated|denied access|banned)|(?:disabled|suspended|terminated|blocked)\b.{0,80}terms of service/i,
    kind: "project-suspended",
  },
  { says: /without a billing account|free tier is not available/i, kind: "billing-required" },
  {
    says: /requires? billing|billing (?:account )?(?:to be|must be|is not|not|has not been|is|isn't) (?:enabled|disabled|linked|active|open)|enable billing/i,
    kind: "billing-required",
    helps: { endpoint: false },
  },
  {
    says: /\b\wocation is not supported|not supported for the ap.\b|not (?:currently )?(?:available|supported|allowed) in (?:your|this|the current) (?:country|region|location|territory)|(?:country|region|territory)[\w ,]{0,30}(?:is )?(?:not supported|unsupported|not available)|unsupported (?:country|region|location)/i,
    kind: "region-unsupported",
  },
];

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
    says: /is not found for api version|is not supported for \w*(?:content|predict|embed|token)\w*|requested entity was not found|no endpoints found(?! that)|(?:unknown|no such|invalid|unrecognized|unsupported|nonexistent) model\b(?! (?:config|param|output|response))|not a (?:valid|supported) model/i,
    kind: "model-not-found",
  },
];

const resourceSentences: readonly Sentence[] = [
  // The file is still being processed: the same call works seconds later.
  { says: /not in an? active state/i, kind: "invalid-request", retryable: true },
  {
    says: /\b(?:files?|cached ?contents?|batch(?:es)?|operations?|tuned ?models?|file ?(?:search )?stores?|corpora|corpus)[ :/]{1,2}["'`]?[\w/.-]{0,100}["'`]? ?(?:or it may not exist|(?:was |is |could )?not (?:be )?found|does not exist|was deleted|(?:has|is) expired)|not found:? ?["'`]?(?:files|cachedContents|batches|operations|tunedModels)\/|permission to access the (?:file|cached ?content)/i,
    kind: "resource-not-found",
  },
];

const goneModelSentences: readonly Sentence[] = [
  {
    says: /\b(?:models?\b|models\/|gemini-|gemma-|gpt-|claude-)(?:(?!\b(?:tools?|functions?|files?|fields?|keys?|hosts?|methods?|projects?|modules?|url)\b).){0,120}?(?:not found|does not exist|doesn't exist|no longer (?:available|supported)|not available|(?:has been|was|been) (?:retired|shut ?down|discontinued|removed|deprecated|sunset)|is (?:retired|deprecated|discontinued))/i,
    kind: "model-not-found",
  },
];

const windowSentences: readonly Sentence[] = [
  {
    says: /input token count|exceeds? (?:the |its )?(?:maximum|max)\b.{0,20}\btokens?\b|\b(?<!output )tokens?\b.{0,40}\bexceeds?\b.{0,40}\b(?:maximum|max|limit|context|window)\b|context[ _](?:length|window|size|limit)|maximum context|prompt (?:is )?too long|too many (?:input |prompt )?tokens|input (?:is )?too long|token limit (?:exceeded|reached)|reduce the length of the (?:messages|prompt|input)/i,
    kind: "context-length-exceeded",
  },
  {
    says: /(?:payload|request|body|content|entity|files?|image|video|audio|document|upload) (?:size (?:of )?(?:\d+ )?(?:bytes )?exceed|(?:is |was )?too large)|payload size|maximum (?:request|body|payload)(?: body)? size/i,
    kind: "payload-too-large",
  },
];

// Two things that do not go together are the request's fault; a thing that cannot be done at all is the model's.
const alone = "(?:(?!\\b(?:with|and|both|together|combin\\w*)\\b).){0,80}?";
const abilities =
  "thinking\\w*|reasoning\\w*|function[_ ]?call(?:ing)?|tool[_ ]?(?:use|call(?:ing)?|config)|tools?|search(?: as tool| grounding)?|grounding|code execution|url context|json mode|response[_ ]?(?:schema|mime[_ ]?type|modalit(?:y|ies))|system[_ ]?(?:instruction|prompt|role)|developer instruction|modalit(?:y|ies)|(?:image|audio|video|text|pdf|file)s? (?:input|output)|penalty|logprobs|caching|cached content|candidate[_ ]?count|multi-?turn(?: chat)?|streaming|media resolution|image generation";

/** What a model cannot do, another may. */
const capabilitySentences: readonly Sentence[] = [
  {
    says: /no endpoints found that (?:support|can)/i,
    kind: "invalid-request",
    helps: { model: true },
  },
  {
    says: /\bwith\b.{0,80}\b(?:is|are) (?:unsupported|not supported)\b(?!.{0,20}\bmodel)|can ?not be (?:combined|used (?:with|together))/i,
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
    says: /(?:not supported|not enabled|unsupported|not available|not allowed) (?:by|for|with|on|in) (?:this model|the model|model\b|models\/|gemini|gemma)|model (?:only (?:works|supports)|does(?: not|n't) (?:support|accept)|cannot)|(?:gemini|gemma)-[\w.-]{1,60} (?:only works|only supports|does not support)/i,
    kind: "invalid-request",
    helps: { model: true },
  },
];

const blockReason =
  "(?:\\w+ )?(?:safety|prohibited[_ ]content|blocklist|spii|image_safety|other|policy|policies)";

const answerSentences: readonly Sentence[] = [
  {
    says: /blocked (?:due to|because of|for):? recitation|finish[_ ]?reason:? recitation/i,
    kind: "recitation",
  },
  {
    says: /(?:text|response|function call)s? not available\. response was blocked|prompt (?:was |has been |is |got )?blocked|blocked[_ ]?prompt|block(?:ed)?[_ ]?reason|(?:input|prompt|request) (?:was |has been |is )?(?:blocked|rejected|flagged)/i,
    kind: "content-blocked-prompt",
  },
  {
    says: new RegExp(
      `(?:candidate|response|answer|output|content|generation)s? (?:was |were |has been |have been |is |got )?(?:blocked|filtered)|blocked (?:due to|because of|by):? ${blockReason}|finish[_ ]?reason:? (?!other)${blockReason}|content[_ ](?:filter|management polic)|violat\\w+ .{0,40}(?:usage|content|responsible ai) (?:polic|practices)`,
      "i",
    ),
    kind: "content-blocked-response",
  },
  // The API's own words for it, capitals and all, wherever a client put them.
  {
    says: /\b(?:PROHIBITED_CONTENT|IMAGE_SAFETY|BLOCKLIST|SPII|IMAGE_PROHIBITED_CONTENT)\b|[:=] ?SAFETY\b/,
    kind: "content-blocked-response",
  },
  { says: /\b(?:IMAGE_)?RECITATION\b/, kind: "recitation" },
  {
    says: /malformed[_ ](?:function|tool)[_ ]call|unexpected[_ ]tool[_ ]call|too[_ ]many[_ ]tool[_ ]calls/i,
    kind: "malformed-function-call",
  },
  {
    says: /finish[_ ]?reason:? (?:max_tokens|length)|max(?:imum)?[_ ](?:output[_ ])?tokens (?:limit )?(?:was |has been )?(?:reached|hit)/i,
    kind: "truncated-max-tokens",
  },
];

/** An answer without content, in words; a status of the request's own fault speaks against it. */
export const emptySentences: readonly Sentence[] = [
  {
    says: /\bno candidates|(?:returned|contains|has|have|had|with|without|got) (?:no|any|an empty|empty) (?:valid )?(?:content|text|candidates?|output|response|parts?|choices|completion|message)\b|empty (?:response|content|completion|output|reply|candidates?|choices)|(?:response|content|candidates?|choices) (?:is|was|were) empty|no (?:output|content|text|response|parts?) (?:was |were )?(?:generated|returned|produced|received)|but none were returned/i,
    kind: "empty-response",
  },
];

const permissionSentences: readonly Sentence[] = [
  {
    says: /(?:account|user|project)\b.{0,40}\bnot (?:eligible|authori[sz]ed|permitted|entitled)|(?:not|isn't) (?:eligible|entitled) (?:for|to)/i,
    kind: "permission-denied",
  },
];

/** Everything but money; refusals by a limit are asked for before these. */
export const sentences: readonly Sentence[] = [
  ...keySentences,
  ...projectSentences,
  ...modelSentences,
  ...resourceSentences,
  ...goneModelSentences,
  ...windowSentences,
  ...capabilitySentences,
  ...answerSentences,
  ...permissionSentences,
];

/** What Gemini says of a request it cannot read; asked where no status says so already. */
export const requestSentences: readonly Sentence[] = [
  {
    says: /contains an invalid argument|\b(?:generate|count|embed|batch|stream|upload|create|update|import|cached?)\w*(?:request|content)\.[a-z]\w*|unable to submit request because|mime type must|invalid json payload|invalid value at '|unknown name "|is not specified|must not be empty|must be specified|proto is invalid|please ensure that (?:the number|function|multi-?turn|the role)|please use a valid role|invalid_argument|invalid_request_error|\bbad request\b|harmblockthreshold/i,
    kind: "invalid-request",
  },
];

/** The first sentence of a table that holds. */
export const firstSaid = (table: readonly Sentence[], text: string): Verdict | undefined =>
  table.find(({ says }) => says.test(text));
