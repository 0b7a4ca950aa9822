// What clients say of an answer that arrived and cannot be used.

import { anyOf, type Sentence } from "./sentence.ts";

const blockReason =
  "(?:\\w+ )?(?:safety|prohibited[_ ]content|blocklist|spii|image_safety|other|policy|policies)";

/** Blocked, malformed, cut short. */
export const answerSentences: readonly Sentence[] = [
  // What follows is a guess at why, or where to look for it.
  {
    says: anyOf(
      /\bno candidates (?:were |was )?returned/,
      /but none (?:was|were) returned/,
      /to see if the (?:response|prompt) was blocked/,
      /quick accessor only works/,
    ),
    kind: "empty-response",
  },
  {
    says: anyOf(
      /malformed[_ ](?:function|tool)[_ ]call/,
      /unexpected[_ ]tool[_ ]call/,
      /too[_ ]many[_ ]tool[_ ]calls/,
      /(?:tool|function)[_ ]call\b.{0,40}\b(?:could not|cannot) be parsed|calle?[ds]? an? (?:unknown|undeclared|unavailable) (?:function|tool)/,
    ),
    kind: "malformed-function-call",
  },
  {
    says: anyOf(
      /blocked (?:due to|because of|for):? recitation/,
      /finish[_ ]?reason:? recitation/,
      /repeats (?:copyrighted|published)/,
    ),
    kind: "recitation",
  },
  {
    says: anyOf(
      // The older SDK says "Candidate was blocked" of an answer, and this of the prompt.
      /(?:not available|unsuccessful)\. response was blocked/,
      /prompt (?:was |has been |is |got )?blocked|blocked[_ ]?prompt|block(?:ed)?[_ ]?reason/,
      /(?:input|prompt|request) (?:was |has been |is )?(?:blocked|rejected|flagged)/,
      /\b(?:input|prompt) violat|request (?:was |is )?(?:refused|rejected|blocked) by the safety/,
    ),
    kind: "content-blocked-prompt",
  },
  {
    says: new RegExp(
      [
        "(?:candidate|response|answer|output|content|generation)s? (?:was |were |has been |have been |is |got )?(?:blocked|filtered|withheld)",
        `blocked (?:due to|because of|by):? ${blockReason}`,
        `finish[_ ]?reason:? (?!other)${blockReason}`,
        "stopped (?:for|due to|because of) (?:\\w+ )?safety|safety filters? (?:was |were )?triggered",
        "content[_ ](?:filter|management polic)",
        "violat\\w{1,10} .{0,40}(?:usage|content|responsible ai) (?:polic|practices)",
      ].join("|"),
      "i",
    ),
    kind: "content-blocked-response",
  },
  // The API's own words for it, capitals and all, wherever a client put them.
  {
    says: /\b(?:PROHIBITED_CONTENT|IMAGE_SAFETY|BLOCKLIST|SPII|IMAGE_PROHIBITED_CONTENT)\b|[:=] ?SAFETY\b/,
    kind: "content-blocked-response",
  },
  { says: /\b(?:IMAGE_)?RECITATION\b|\bstopped\b.{0,30}\brecitation/, kind: "recitation" },
  {
    says: anyOf(
      /finish[_ ]?reason:? (?:max_tokens|length)/,
      /\bstopped\b.{0,30}\bmax_tokens/,
      /max(?:imum)?[_ ](?:output[_ ])?tokens (?:limit )?(?:was |has been )?(?:reached|hit)/,
      /stopped at max|output token limit|ran out of output tokens/,
    ),
    kind: "truncated-max-tokens",
  },
];

/** An answer without content, in words; a status of the request's own fault speaks against it. */
export const emptySentences: readonly Sentence[] = [
  {
    says: anyOf(
      /\bno candidates/,
      /(?:returned|contains|has|have|had|with|without|got|produced|generated|gave|received) (?:no|any|an empty|empty) (?:valid )?(?:content|text|candidates?|output|response|parts?|choices|completion|message)\b/,
      /(?:produced|generated|returned) (?:zero|0|no) (?:output )?tokens/,
      /(?:empty|blank) (?:response|answer|content|completion|output|reply|candidates?|choices)/,
      /(?:response|content|candidates?|choices) (?:is|was|were) empty/,
      /no (?:output|content|text|response|parts?|generations?|chunks?|choices|images?|audio)(?: \w+)? (?:was |were )?(?:generated|returned|produced|received|found)/,
      /no (?:content|text|parts|choices) in (?:the |its )?(?:response|answer|candidate)/,
      /(?:cannot|can't|could not|couldn't|unable to|failed to) (?:get|extract|read|find)(?: the| any)? (?:(?:response|candidate|model|generated)'?s? )?(?:text|content)\b/,
    ),
    kind: "empty-response",
  },
];
