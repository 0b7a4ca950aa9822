// Trouble on the way or at the other end, as clients, systems and proxies put it.

import { untrusted } from "./network.ts";
import type { Sentence } from "./sentences.ts";

/** Overload that is nobody's quota. */
export const capacitySentence: Sentence = {
  says: /overloaded|high (?:demand|load|traffic)|(?:no|insufficient|out of|at|over) capacity|capacity (?:is |was )?(?:exhausted|unavailable|constrain|limit)|model_capacity_exhausted|rate-limited upstream|resource exhausted\. please try again|error-code-429|(?:server|service|model|system) is (?:too )?busy|currently unavailable/i,
  kind: "capacity-exhausted",
};

/** Trouble on the way or at the other end, in words; asked last, because relays tell of it around a better reason. */
export const troubleSentences: readonly Sentence[] = [
  capacitySentence,
  {
    ...untrusted,
    says: /self[- ]signed certificate|certificate[_ ](?:verify|has expired|is not|signed|chain|unknown|relied)|unable to (?:get|verify|find)\b.{0,30} (?:issuer|certificat\w+|signature)|\baltnames?\b|(?:invalid|untrusted|bad|expired) certificate|unable_to_(?:get|verify)|certificate_?(?:verify|error|unknown)|x509:/i,
  },
  {
    says: /incomplete json|failed to parse stream|malformed (?:server-sent event|sse|json|stream|chunk|response)|(?:error|failed) reading (?:the )?(?:response|body)|error reading from (?:the )?stream|error parsing (?:json response|chunk|stream)|premature(?:ly)?[_ ](?:clos|end)|err_stream|stream\b.{0,30}\b(?:ended|terminated|closed|interrupted|disconnected|cut|aborted|truncated|incomplete)|(?:unexpected|premature) end of (?:\w+ )?(?:json|stream|data|file|input|response)|unexpected eof|incomplete[ _]?(?:read|chunked|message|stream|response)|peer closed connection|(?:^|[:.\s"'])terminated\b|not valid json|(?:in|after) json at position \d|unterminated string|json\w{0,10} ?(?:parse|parsing|decode|decoding|response)?:? ?(?:error|failed|failure)|json\w* (?:parse|parsing|decode|decoding) (?:error|failed|failure)|invalid json response|(?:failed|unable|could not|cannot) (?:to )?(?:parse|decode|process) .{0,30}\b(?:json|stream|chunk|sse|response|event)|extra data: line|expecting (?:value|property name|',' delimiter)|unexpected (?:token|non-whitespace|character)|mid-?stream|ended (?:without|before)\b.{0,40}(?:finish|reason|event|complet)|missing finish reason|response body (?:is )?(?:closed|incomplete)/im,
    kind: "stream-interrupted",
  },
  {
    // A WebSocket's close: 1011 is the server's own failure, whatever the client calls its error.
    says: /\b1011\b.{0,5}internal error/i,
    kind: "server-error",
  },
  {
    says: /connect(?:ion)? ?time(?:d ?)?-?out|connecttimeout|connection to \S{1,100} timed out|etimedout|failed to (?:establish|connect)|unable to connect|handshake time(?:d ?)?out|tcp handshake|dial tcp|winerror 10060/i,
    kind: "network",
  },
  {
    says: /deadline[ _]?(?:was )?(?:expired|exceeded)|timed?[ -]?out|\btime-?outs?\b|timeout(?:error|exception)?\b/i,
    kind: "timeout",
  },
  {
    says: /fetch failed|failed to fetch|error sending request|network[ _]?(?:error|request failed|connection|is unreachable|socket|failure)|load failed|socket (?:hang up|closed|error|disconnected)|getaddrinfo|no such host|no route to host|unknownhost|\be(?:conn(?:reset|refused|aborted)|notfound|ai_[a-z]+|pipe|hostunreach|netunreach|netdown|addrnotavail|proto)\b|connection ?(?:error|refused|reset|aborted|closed|failed|lost|broken|was (?:reset|closed|forcibly|refused)|attempt failed)|(?:cannot|could not|couldn't|unable to|failed to) (?:connect|reach|resolve)|other side closed|name (?:or service not known|resolution|not resolved)|(?:server|remote end|remote host|peer) (?:disconnected|closed|hung up)|max retries exceeded with url|proxy ?(?:error|authentication|connect)|connecterror|(?:remote|local)protocolerror|readerror|writeerror|\bssl[ _:\]]{1,2}(?:error|eof|record|handshake|routines|alert)|(?:tls|ssl) (?:handshake|connection|record)|request to \S{1,300} failed|no close frame|abnormal closure|eof occurred|broken pipe|tcp handshaker|curl: \(\d|no connection established|net::err_|err_(?:network|connection|internet|name_not)|und_err/i,
    kind: "network",
  },
  {
    says: /internal (?:server )?error|internalservererror|something went wrong|unexpected (?:server )?error|unknown error/i,
    kind: "server-error",
  },
  {
    says: /bad gateway|that.s an error|gateway error|web server is (?:down|returning)/i,
    kind: "gateway-error",
  },
  {
    says: /service (?:is )?(?:temporarily )?unavailable|temporarily unavailable/i,
    kind: "capacity-exhausted",
  },
];
