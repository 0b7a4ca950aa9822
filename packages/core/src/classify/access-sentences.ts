// Who may not call, and what has to be paid for.

import { anyOf, type Sentence } from "./sentence.ts";

/** Money: the API's own wording, OpenAI's, Anthropic's and OpenRouter's. */
export const moneySentences: readonly Sentence[] = [
  { says: anyOf(/spend[- ]based rate/, /spending rate/), kind: "rate-limit-spend" },
  {
    says: anyOf(
      /pre-?pa(?:id|y|yment)[\w ]{0,20}(?:credit|balance)s?\b.{0,40}(?:deplet|exhaust|run out|used up|insufficient)/,
      /\bcredits? (?:balance )?(?:is |are |has been |have been )?(?:deplet|exhaust|used up|too low)/,
      /(?:no|not enough|insufficient|more|out of) (?:credits?|balance|funds)\b|balance is insufficient/,
      /spend(?:ing)? (?:cap|limit)/,
      /insufficient_(?:user_)?quota/,
      /billing (?:hard )?limit|(?:wallet|balance|account) is empty|please (?:recharge|top up)/,
      /payment required/,
      /budget (?:has been|was|is) exceeded|exceeded ?budget/,
    ),
    kind: "spend-cap",
  },
];

const keySentences: readonly Sentence[] = [
  {
    says: anyOf(
      /\bkey (?:has |is )?(?:expired|past its expiry)/,
      /expired api[ _-]?key/,
      /renew the api[ _-]?key/,
    ),
    kind: "api-key-expired",
  },
  {
    says: /(?:key|credential)s?\b.{0,60}\b(?:leaked|compromised|exposed)/i,
    kind: "api-key-leaked",
  },
  {
    says: anyOf(
      /requests? (?:to this api|from (?:this )?(?:referr?er|android|ios|ip))\b.{0,200}?\bblocked/,
      /(?:ip|ip address|referr?er|application|api(?:[ _-]key)?) restriction/,
      /violates this restriction|key (?:may|can) ?not be used (?:from|in)|key is (?:locked|limited|restricted) to/,
      /api[ _-]?key\b.{0,20}\b(?:is restricted|does(?: not|n't) (?:allow|permit)|not (?:allowed|permitted))/,
    ),
    kind: "api-key-restricted",
  },
  {
    says: anyOf(
      /api[ _-]?key\b(?:[: ]+\S{1,60})?(?: \w+){0,3} (?:not valid|not found|not recogni[sz]ed|invalid|incorrect|malformed|wrong)\b/,
      /(?:invalid|incorrect|wrong|bad|no valid|not a valid)\b(?: \w+){0,2} (?:x-)?api[ _-]?key/,
      /(?:pass|enter|use) a valid (?:gemini |google )?api[ _-]?key/,
    ),
    kind: "invalid-api-key",
  },
  {
    says: anyOf(
      /unregistered callers/,
      /invalid authentication/,
      /missing (?:required )?(?:authentication|credentials)/,
      /expected oauth/,
      /api keys? (?:are|is) not supported/,
      /api[ _-]?key (?:is |must be )?(?:missing|required|set|provided)\b/,
      /(?:missing|no|without an?|(?:set|provide|supply) (?:an|the|your)|needs? an?) (?:valid )?(?:gemini |google )?(?:api[ _-]?)?key\b/,
      /(?:no (?:auth\w* )?|missing )credentials|no auth\w* available|credentials (?:were|was|are|is) (?:not found|missing)/,
      /could not (?:load|refresh|find)[\w ]{0,30} credentials/,
      /(?:access|oauth|bearer|refresh) token (?:has |is )?(?:expired|invalid|revoked|missing)|missing bearer|invalid_grant/,
      /(?:invalid|expired|revoked) (?:or \w+ )?(?:access|oauth|bearer|refresh) token/,
      /api[ _-]?key\b.{0,30}\bnot (?:set|configured|provided|defined)\b/,
      /(?:authentication|auth) token (?:is )?missing|not logged in|provide (?:your )?credentials/,
      /login required|re-?authenticat|(?:log|sign) ?in again/,
    ),
    kind: "unauthenticated",
  },
];

const place = "(?:country|region|location|territory)";

const projectSentences: readonly Sentence[] = [
  {
    says: anyOf(
      /has not been used in project/,
      /\b(?:api|code assist)(?: [\w-]+\.googleapis\.com)? (?:is |has )?(?:been |not (?:been |currently )?)?(?:enabled|disabled|turned off)/,
      /enable (?:it|the api) (?:by|in|at|on)\b|enable the (?:gemini|generative language) api/,
    ),
    kind: "api-not-enabled",
  },
  {
    says: anyOf(
      /(?:project|account|consumer|organi[sz]ation|user|key)\b.{0,80}\b(?:suspended|deactivated|been terminated|denied access|banned)/,
      /(?:disabled|suspended|terminated|blocked)\b.{0,80}terms of service/,
      /revoked (?:due to|because of|for) (?:abuse|violat)/,
    ),
    kind: "project-suspended",
  },
  {
    says: anyOf(
      /without a billing account/,
      /free tier is not available|not available (?:on|in|for) (?:the )?free (?:tier|plan)/,
      /(?:only|not) (?:accessible|available|offered) (?:to|for|on|in) (?:the |an? )?(?:billed|paid|paying)/,
      /(?:billed|paid|paying) (?:users?|accounts?|customers?|tiers?|plans?) only/,
    ),
    kind: "billing-required",
  },
  {
    says: anyOf(
      /requires? (?:an? )?(?:active )?billing|billing account is required|requires? (?:an? )?paid (?:plan|tier|account)/,
      /billing (?:account )?(?:to be|must be|is not|not|has not been|is|isn't) (?:enabled|disabled|linked|active|open)/,
      /(?:enable|activate) billing|needs? (?:an? )?(?:active |paid )(?:account|plan|tier|billing)/,
    ),
    kind: "billing-required",
    helps: { endpoint: false },
  },
  {
    says: new RegExp(
      [
        "\\b\\wocation is not supported|not supported for the ap.\\b",
        `(?:not (?:currently )?(?:available|supported|allowed)|unavailable|restricted|blocked) (?:in|from) (?:your|this|the)(?: current)? ${place}`,
        `\\b${place}\\b[\\w ,]{0,30}(?:not supported|unsupported|not available|not allowed|restricted)`,
        `unsupported ${place}`,
        "(?:not|n't) (?:available|supported|offered) where you",
        "requests from (?!this|your|referr?er|ip\\b|android|ios)[\\w ]{2,30} are not (?:permitted|allowed|supported|accepted)",
      ].join("|"),
      "i",
    ),
    kind: "region-unsupported",
  },
];

/** Keys, credentials, projects, places. */
export const accessSentences: readonly Sentence[] = [...keySentences, ...projectSentences];

/** Permissions; asked after all that says more precisely what is missing. */
export const permissionSentences: readonly Sentence[] = [
  {
    says: anyOf(
      /(?:account|user|project)\b.{0,40}\bnot (?:eligible|authori[sz]ed|permitted|entitled)/,
      /(?:not|isn't) (?:eligible|entitled) (?:for|to)/,
      /permission(?: '[^']{1,100}')? denied (?:on|for) (?:the )?(?:resource|project|consumer)/,
      /insufficient (?:authentication |oauth )?(?:scopes?|permissions?|privileges?)\b|not allowed to (?:use|access|call)/,
      /(?:lacks?|without|missing) (?:the |an? )?(?:[\w.-]+ ){0,3}(?:permission|license|role\b)/,
    ),
    kind: "permission-denied",
  },
];
