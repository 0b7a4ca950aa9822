// What the system and HTTP clients call it when no answer came.

import type { Verdict } from "./make-failure.ts";

/** A certificate that is not trusted now is not trusted a second later, nor for another target behind the same proxy. */
export const untrusted: Verdict = {
  kind: "network",
  retryable: false,
  helps: { model: false, account: false, endpoint: false },
};

const certificates =
  /^(?:CERT_|UNABLE_TO_(?:GET|VERIFY)|SELF_SIGNED|DEPTH_ZERO_SELF_SIGNED|ERR_TLS_CERT|HOSTNAME_MISMATCH|UNTRUSTED_CERT|UNKNOWN_CERTIFICATE)/;

const timeouts = new Set([
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ESOCKETTIMEDOUT",
  "ERR_HTTP_REQUEST_TIMEOUT",
  "ETIME",
]);

const connections =
  /^(?:E(?:CONN\w+|NOTFOUND|AI_\w+|PIPE|HOST\w+|NET\w+|TIMEDOUT|ADDR\w+|PROTO|SOCKET\w*)|UND_ERR_(?:SOCKET|CONNECT_TIMEOUT|CLOSED|DESTROYED)|ERR_(?:NETWORK\w*|CONNECTION\w*|INTERNET\w*|NAME_NOT_RESOLVED|PROXY\w*|SSL\w*|SOCKET\w*|HTTP2\w*)|HPE_\w+|Connection(?:Refused|Closed|Reset)|FailedToOpenSocket)$/i;

/** The kind that the code of a failed connection names. */
export function classifyCode(code: string): Verdict | undefined {
  if (certificates.test(code)) return untrusted;
  if (timeouts.has(code)) return { kind: "timeout" };
  if (code === "ERR_STREAM_PREMATURE_CLOSE") return { kind: "stream-interrupted" };
  if (code === "ERR_CANCELED" || code === "ABORT_ERR") return { kind: "cancelled" };
  return connections.test(code) ? { kind: "network" } : undefined;
}
