import { type AccessKind, type Article } from "./article.ts";

/** English: who asks, and from where. */
export const englishAccess: Readonly<Record<AccessKind, Article>> = {
  "invalid-api-key": {
    title: "The API key is not valid",
    what: "Google does not know this key. It answers that with 400, not with 401.",
    causes: [
      "The key was copied incompletely, or with a space, quote or line end.",
      "The key was revoked or deleted, or its project was.",
      "It is no Gemini key: an OAuth token, a key of another service, a placeholder.",
      "The environment variable is empty, or another one takes precedence (GOOGLE_API_KEY over GEMINI_API_KEY in Google's clients).",
    ],
    actions: [
      "Look the key up in Google AI Studio, or make a new one; new keys begin with AQ. rather than AIza.",
      "Check which variable your process really reads.",
      "Add an account of another project to the policy, so that one bad key does not stop you.",
    ],
  },
  "api-key-expired": {
    title: "The API key has expired",
    what: "The key was valid once; its time is over.",
    causes: [
      "The key has an expiry date that has passed.",
      "The key was rotated, and this process still has the old one.",
    ],
    actions: [
      "Make a new key in Google AI Studio and restart or reload what uses it.",
      "If it is said of a key that is new, wait a few minutes: keys take a moment to spread.",
    ],
  },
  "api-key-leaked": {
    title: "The API key was reported as leaked",
    what: "Google found the key in public, such as in a repository, and blocked it. It does not come back.",
    causes: [
      "The key was committed to a public repository or shipped in a web page or app.",
      "It was pasted into a forum, a log or a notebook that is public.",
    ],
    actions: [
      "Make a new key, delete the old one, and look through the project's usage for what was not yours.",
      "Keep keys in environment variables on a server, never in the browser or in git.",
      "Restrict the new key to the Gemini API and to your addresses.",
    ],
  },
  "api-key-restricted": {
    title: "The API key's restrictions refuse this call",
    what: "The key is valid, but its restrictions do not allow a call like this one.",
    causes: [
      "IP restriction: the call comes from an address that the key does not list, perhaps through a proxy or after a new deployment.",
      "Referrer restriction: the key is meant for web pages and the call comes from a server, or from another page.",
      "API restriction: the key does not list the Generative Language API.",
      "The key is meant for an Android or iOS app.",
    ],
    actions: [
      "Open the key in the Google Cloud console and correct its restrictions: IP addresses, referrers, APIs.",
      "Use a key without a referrer restriction on servers.",
      "Add an account whose key is allowed here.",
    ],
  },
  unauthenticated: {
    title: "No usable credentials arrived",
    what: "The request carried no key, or credentials of a kind that this endpoint does not take.",
    causes: [
      "The key is missing: the variable is not set, or a relay removed the header.",
      "An API key was sent as a Bearer token, or an OAuth token has expired.",
      "The endpoint is Vertex AI, which wants OAuth, while the key is one of AI Studio.",
    ],
    actions: [
      "Send the key in the header x-goog-api-key.",
      "Refresh OAuth credentials: gcloud auth application-default login.",
      "Check that key and endpoint belong together.",
    ],
  },
  "api-not-enabled": {
    title: "The Gemini API is not enabled in the project",
    what: "The key belongs to a project in which the Generative Language API is switched off.",
    causes: [
      "The API was never enabled in this project, or was disabled.",
      "The key belongs to another project than you think.",
    ],
    actions: [
      "Enable the Generative Language API in the Google Cloud console; it takes a few minutes to spread.",
      "Or make a key in Google AI Studio, which enables it for you.",
      "Add an account of another project until then.",
    ],
  },
  "billing-required": {
    title: "The project needs a billing account",
    what: "The call is refused because no billing account is linked to the project.",
    causes: [
      "The free tier is not available in your country.",
      "The model or feature is offered to paid tiers only.",
      "The billing account was closed or unlinked.",
    ],
    actions: [
      "Link a billing account to the project in Google AI Studio.",
      "Use an account of a project that has billing.",
    ],
  },
  "project-suspended": {
    title: "The project is suspended",
    what: "Google has denied this project access.",
    causes: [
      "Google saw a breach of its terms, or usage that looks like abuse.",
      "A key of the project leaked and was misused.",
      "The billing account has a problem.",
    ],
    actions: [
      "Read the mail Google sent to the project's owner, and appeal in the Google Cloud console.",
      "Use another project of yours meanwhile, if the terms allow it.",
    ],
  },
  "permission-denied": {
    title: "Permission was denied",
    what: "The key is known, but it may not do this.",
    causes: [
      "The key is invalid for this project or was revoked.",
      "The Gemini API is not enabled in the key's project.",
      "An IP or referrer restriction of the key refuses the call.",
      "The place the call comes from is an unsupported region.",
      "The model is tuned or private, or a service account lacks an IAM role.",
    ],
    actions: [
      "Check in Google AI Studio that the key exists, is not revoked and belongs to the project you mean.",
      "Check the API and the restrictions of the key in the Google Cloud console: enabled API, IP addresses, referrers.",
      "From an unsupported region, call through a relay endpoint in a supported one (baseURL of an account).",
      "On Vertex AI, give the service account the role Vertex AI User.",
    ],
  },
  "region-unsupported": {
    title: "The API is not offered where the call comes from",
    what: "Google refuses calls from the place of this process, whatever the key. It answers that with 400.",
    causes: [
      "The server, or the exit of a VPN or proxy, stands in an unsupported region.",
      "A cloud function runs in another region than you think.",
    ],
    actions: [
      "Run the process in a supported region.",
      "Or send the calls through a relay endpoint of yours in a supported region: the baseURL of an account.",
      "Or use Vertex AI in a region that offers the model.",
    ],
  },
};
