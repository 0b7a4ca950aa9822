import { type Article, type ServiceKind } from "./article.ts";

const statusPage = "Look at the status page, aistudio.google.com/status.";

/** English: the service, and the way to it. */
export const englishService: Readonly<Record<ServiceKind, Article>> = {
  "capacity-exhausted": {
    title: "The model is overloaded",
    what: "Google has no capacity left for this model at the moment. Your quota is not to blame, and another key does not help.",
    causes: [
      "Many people use the model now; new and preview models suffer most.",
      "A partial outage.",
    ],
    actions: [
      "Retry with growing, random delays; Holdfast does that for you.",
      "Name a model with more capacity as a fallback, such as a flash-lite model or an older stable one.",
      "Run what can wait in off-peak hours (night and weekend in America), or with the Batch API.",
      "Try another endpoint: Vertex AI has capacity of its own, by region.",
      statusPage,
    ],
  },
  "server-error": {
    title: "The server failed",
    what: "Google answered with an internal error. Most pass by themselves; some are caused by one particular request and come again with it.",
    causes: [
      "A passing fault at Google.",
      "Special or control characters in the input that the server does not digest.",
      "An input that is very long, or a rare combination of tools, schema and media.",
    ],
    actions: [
      "Wait and try again after some seconds; Holdfast does that for you, a bounded number of times.",
      "If the same request fails again and again, remove special characters: control characters, broken emoji, odd Unicode.",
      "Try a shorter input: less history, fewer files, a simpler schema.",
      "Try another model.",
      statusPage,
    ],
  },
  timeout: {
    title: "No answer came in time",
    what: "The call took longer than the server, the client or the policy allows.",
    causes: [
      "A long input, long thinking or a long output.",
      "The model is busy.",
      "A proxy on the way swallows the connection.",
    ],
    actions: [
      "Use streaming, which shows life early.",
      "Raise the policy's attempt timeout, or lower thinkingLevel and the length of the input.",
      "Try a faster model.",
      statusPage,
    ],
  },
  "gateway-error": {
    title: "A gateway on the way failed",
    what: "A proxy, relay or load balancer answered in place of the API.",
    causes: [
      "A front end of Google had a passing fault.",
      "Your relay or proxy is down, overloaded or too impatient.",
    ],
    actions: [
      "Try again; Holdfast does that for you.",
      "Look at the logs of your relay or proxy, and raise its timeouts.",
      "Add a second endpoint to the policy.",
      statusPage,
    ],
  },
  network: {
    title: "The server could not be reached",
    what: "The connection failed before any answer came.",
    causes: [
      "The network is down, or the name cannot be resolved (DNS).",
      "A firewall or company proxy blocks the way.",
      "HTTPS_PROXY is set, but Node's fetch does not use it by itself.",
      "A certificate is not trusted, often because a company proxy opens TLS.",
    ],
    actions: [
      "Test the way: curl -I https://generativelanguage.googleapis.com",
      "Behind a proxy, start Node with NODE_USE_ENV_PROXY=1 (Node 24 and newer), or give fetch an EnvHttpProxyAgent.",
      "For certificates of a company, set NODE_EXTRA_CA_CERTS to its CA file; do not switch the check off.",
      "Check baseURL, firewall, VPN and DNS.",
    ],
  },
};
