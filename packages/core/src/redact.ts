// Keeps keys out of everything that leaves the library. Known ones by value, unknown ones by their looks.

const mask = "[redacted]";

// Google's two forms and its OAuth tokens; OpenAI's, Anthropic's and OpenRouter's; Groq's, xAI's; JSON web tokens.
const keys =
  /AIza[\w-]{6,}|\bAQ\.[\w.-]{8,}|\bya29\.[\w.-]{8,}|\bsk-[\w-]{8,}|\b(?:gsk_|xai-|hf_|pplx-)[\w-]{8,}|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;

const parameters = /([?&](?:key|api[_-]?key|access_token|token)=)(?!\[redacted)[^&\s"'<>)\]]+/gi;
const bearers = /\b(bearer\s)\s*[\w.~+/=-]{8,}/gi;
const headers =
  /\b((?:x-goog-api-key|x-api-key|api[_-]?key|authorization)["']?\s?[:=]\s?["']?)(?!bearer\b)[\w.~+/-]{16,}=*/gi;

/** Stands in every text that any of these change; most have none, and one look costs less than four. */
const suspicious =
  /AIza|\bAQ\.|ya29\.|\bsk-|\bgsk_|\bxai-|\bhf_|\bpplx-|\beyJ|[?&][kat]|bearer|api-?_?key|authorization/i;

/** Shorter ones are no secrets, and masking them would riddle every text. */
const shortestSecret = 6;

/** Secrets in every form they take in texts, longest first, so that none leaves half of another behind. */
export function secretForms(secrets: readonly string[]): string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < shortestSecret) continue;
    forms.add(secret);
    forms.add(encodeURIComponent(secret.toWellFormed()));
  }
  return [...forms].toSorted((a, b) => b.length - a.length);
}

/**
 * Takes keys out of a text: the given ones by value (also as they look inside a URL), and whatever looks like one,
 * such as `AIza…`, `AQ.…`, `sk-…`, `Bearer …`, `?key=…` and `x-goog-api-key: …`.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  if (secrets.length > 0)
    for (const form of secretForms(secrets)) clean = clean.replaceAll(form, mask);
  if (!suspicious.test(clean)) return clean;
  return clean
    .replace(parameters, `$1${mask}`)
    .replace(keys, mask)
    .replace(bearers, `$1${mask}`)
    .replace(headers, `$1${mask}`);
}
