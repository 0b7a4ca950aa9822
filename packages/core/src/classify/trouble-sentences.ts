// Trouble on the way or at the other end, as clients, systems and proxies put it.

import { untrusted } from "./network.ts";
import { anyOf, type Sentence } from "./sentence.ts";

/** Overload that is nobody's quota. */
export const capacitySentence: Sentence = {
  says: anyOf(
    /overloaded/,
    /(?:high|too much) (?:demand|load|traffic)|(?:experiencing|under|due to|because of) heavy (?:demand|load|traffic)/,
    /(?:no|insufficient|out of|at|over) (?:available )?capacity/,
    /capacity (?:is |was )?(?:exhausted|unavailable|constrain|limit)|model_capacity_exhausted/,
    /rate-limited upstream/,
    /resource exhausted[.,] please try again|error-code-429/,
    /(?:servers?|service|model|system|workers|nodes) (?:is|are) (?:too |currently |very )?busy/,
    /currently unavailable/,
  ),
  kind: "capacity-exhausted",
};

const certificates = anyOf(
  /self[- ]signed certificate/,
  /certificate[_ ](?:verify|has expired|is not|signed|chain|unknown|relied)|certificate_?(?:verify|error|unknown|name ?mismatch)/,
  /certificate\b.{0,40}\bis (?:invalid|untrusted)|pkix path/,
  /unable to (?:get|verify|find)\b.{0,30} (?:issuer|certificat\w+|signature)|unable_to_(?:get|verify)/,
  /\baltnames?\b/,
  /(?:invalid|untrusted|bad|expired) certificate/,
  /x509:/,
);

// A connection that closed before it answered, in words that a broken stream has too.
const unanswered = anyOf(/unexpected end of stream on\b/, /error\(incompletemessage\)/);

const brokenStreams = anyOf(
  /incomplete json|unterminated string|not valid json|(?:in|after) json at position \d/,
  /failed to parse stream|malformed (?:server-sent event|sse|json|stream|chunk|response)/,
  /(?:error|failed) reading (?:the )?(?:response|body)|error reading from (?:the )?stream/,
  /error parsing (?:json response|chunk|stream)/,
  /premature(?:ly)?[_ ](?:clos|end)|\b(?:closed|ended) premature|err_stream|\bstream error|rst_stream/,
  /\bconnection dropped before complet|\bstream\b.{0,30}\b(?:ended|terminated|closed|interrupted|disconnected|cut|aborted|truncated|incomplete)/,
  /(?:clos|dropp|lost|interrupt|cut)\w{0,10} (?:while|during|mid)[ -]?stream|mid-?stream/,
  /(?:clos|dropp|lost|interrupt|reset)\w{0,10} (?:while|during) (?:receiving|reading|download)|transfer closed/,
  /response (?:was |got |is )?(?:cut off|truncated|incomplete)/,
  /(?:unexpected|premature) end of (?:\w+ )?(?:json|stream|data|file|input|response)|unexpected eof/,
  /incomplete[ _]?(?:read|chunked|message|stream|response)/,
  /peer closed connection/,
  /(?:^|[:.\s"'])terminated\b/,
  /json\w{0,10} ?(?:parse|parsing|decode|decoding|response)?:? ?(?:error|failed|failure)/,
  /json\w{0,10} (?:parse|parsing|decode|decoding) (?:error|failed|failure)/,
  /invalid json response/,
  /(?:failed|unable|could not|cannot) (?:to )?(?:parse|decode|process) .{0,30}\b(?:json|stream|chunk|sse|response|event)/,
  /extra data: line|expecting (?:value|property name|',' delimiter)/,
  /unexpected (?:token|non-whitespace|character|line format)/,
  /ended (?:without|before)\b.{0,40}(?:finish|reason|event|complet)|missing finish reason/,
  /(?:response body|payload) (?:is )?(?:closed|incomplete|not completed)/,
);

const connecting = anyOf(
  /connect(?:ion)? ?time(?:d ?)?-?out|(?:connect|open)timeout|connection to \S{1,100} timed out|etimedout/,
  /failed to (?:establish|connect)|unable to connect|(?:connection|socket) could not be established/,
  /handshake time(?:d ?)?out|timed out (?:during|in|waiting for)(?: \w+){0,2} handshake|tcp handshake|dial tcp|socketexception/,
  // Windows' words for a connection that nobody accepted.
  /winerror (?:10060|121)|semaphore timeout period/,
);

const connections = anyOf(
  /fetch failed|failed to fetch|error sending request|load failed|request to \S{1,300} failed/,
  /network[ _]?(?:error|request failed|connection|is unreachable|socket|failure)/,
  /socket (?:was )?(?:hang up|closed|error|disconnected)/,
  /getaddrinfo|no such host|no route to host|host is (?:down|unreachable)|unknownhost|dns (?:lookup|resolution|query|error)/,
  /\be(?:conn(?:reset|refused|aborted)|notfound|ai_[a-z]+|pipe|hostunreach|netunreach|netdown|addrnotavail|proto)\b/,
  /connection ?(?:error|refused|reset|aborted|closed|failed|lost|broken|was (?:reset|closed|forcibly|refused)|attempt failed)/,
  /no connection established|no close frame|abnormal closure|other side closed|broken pipe/,
  /(?:cannot|could not|couldn't|unable to|failed to) (?:connect|reach|resolve)/,
  /connection (?:cannot|can't|could not) be|(?:host|hostname|server)\b.{0,30} could not be (?:found|reached|resolved)/,
  /(?:appears|seems) to be offline|nsurlerrordomain|\bgoaway\b/,
  /failed to (?:execute|send|make|perform) (?:the |an? )?(?:http )?request/,
  /name (?:or service not known|resolution|not resolved)/,
  /(?:server|remote end|remote host|peer) (?:disconnected|closed|hung up)/,
  /max retries exceeded with url/,
  /proxy ?(?:error|authentication|connect)/,
  /connecterror|(?:remote|local)protocolerror|readerror|writeerror/,
  /\bssl[ _:\]]{1,2}(?:error|eof|record|handshake|routines|alert)|(?:tls|ssl) (?:handshake|connection|record)|eof occurred|: eof$/,
  /tcp handshaker|curl: \(\d|\bio ?exception\b/,
  /net::err_|err_(?:network|connection|internet|name_not)|und_err/,
);

/** Asked late, because relays tell of trouble around a better reason. */
export const troubleSentences: readonly Sentence[] = [
  capacitySentence,
  { ...untrusted, says: certificates },
  // Envoy's words, which speak of connections too.
  { says: /upstream connect error(?!.*\boverflow)|no healthy upstream/i, kind: "gateway-error" },
  { says: unanswered, kind: "network" },
  { says: brokenStreams, kind: "stream-interrupted" },
  // A WebSocket's close: 1011 is the server's own failure, whatever the client calls its error.
  { says: /\b1011\b.{0,5}internal error/i, kind: "server-error" },
  { says: connecting, kind: "network" },
  {
    says: anyOf(
      /deadline[ _]?(?:of \S{1,20} )?(?:was |is )?(?:expired|exceeded)/,
      /timed?[ -]?out|\btime-?outs?\b|timeout(?:error|exception)?\b/,
      /took too long|exceeded the time limit|gave up waiting|did(?: not|n't) (?:respond|answer|reply) (?:in|within) (?:time|\d)/,
      /\bno (?:\w+ ){0,2}(?:activity|data|response|chunks?|events?|bytes|output|tokens?)\b(?: \w+){0,2} (?:for|within|in|after) \d/,
    ),
    kind: "timeout",
  },
  { says: connections, kind: "network" },
  {
    says: anyOf(
      /bad gateway|that.s an error|gateway error/,
      /web server is (?:down|returning)/,
      /(?:upstream|gateway)\b.{0,20}\binvalid response/,
    ),
    kind: "gateway-error",
  },
  {
    says: anyOf(
      /internal (?:server )?(?:error|failure|problem|exception|fault)|internalservererror/,
      /something went wrong|problem on our (?:end|side)/,
      /unexpected (?:server|internal) error|unexpected error (?:has )?occurred/,
      /server (?:had|encountered) an? (?:\w+ )?(?:error|condition)/,
      /(?:service|server) was (?:not able|unable) to process/,
    ),
    kind: "server-error",
  },
  {
    says: /service (?:is )?(?:temporarily )?unavailable|temporarily unavailable/i,
    kind: "capacity-exhausted",
  },
];
