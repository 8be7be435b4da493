/**
 * Every reason for which the edge answers by itself: what it tells the client. The name is in the log and the trail.
 * `says` is all that the client reads: no word of the origin, of addresses, or of the rule that matched.
 */
export const reasons = {
  // site
  "unknown-host": { status: 421, says: "This host is not served here." },
  // scrub
  "url-too-long": { status: 414, says: "The URL is too long." },
  "too-many-fields": { status: 431, says: "The request has too many header fields." },
  "fields-too-large": { status: 431, says: "The request's header fields are too large." },
  "bad-field": { status: 400, says: "A header field holds a control character." },
  "transfer-coding": { status: 501, says: "The request's transfer coding is not understood." },
  "method-override": { status: 400, says: "The request's method can't be overridden." },
  "bad-path": { status: 400, says: "The path is not one this server accepts." },
  "https-only": { status: 301, says: "" },
  preflight: { status: 204, says: "" },
  "blocked-by-rule": { status: 403, says: "Access denied." },
  "rate-limited": { status: 429, says: "Too many requests. Please try again later." },
  banned: { status: 403, says: "Access denied for now. Please try again later." },
  "bot-refused": { status: 403, says: "Programs of this kind are not served here." },
  "bot-unverified": { status: 403, says: "Programs of this kind are served only when they prove who they are." },
  "payment-required": { status: 402, says: "Programs of this kind are served for a price." },
  "score-too-high": { status: 403, says: "Access denied." },
  "sign-in-needed": { status: 401, says: "You need to sign in." },
  "not-let-in": { status: 403, says: "Access denied." },
  "access-undecided": { status: 503, says: "Who you are can't be checked at the moment.", retryAfter: 5 },
  challenged: { status: 403, says: "Please show that you are not a robot, in a browser." },
  cleared: { status: 303, says: "" },
  // route
  "redirected-by-rule": { status: 302, says: "" },
  "redirected-by-table": { status: 301, says: "" },
  "answered-by-rule": { status: 200, says: "" },
  // cache
  "only-if-cached": { status: 504, says: "Not in cache, and the request asked for nothing else." },
  // origin
  loop: { status: 508, says: "The request came back to this server: a loop." },
  "no-origin-answered": { status: 502, says: "The service did not answer." },
  "origin-timeout": { status: 504, says: "The service did not answer in time." },
  "no-origin-in-region": { status: 503, says: "The service is not available here." },
  "origin-overloaded": { status: 503, says: "The service is overloaded.", retryAfter: 5 },
  "bad-upstream-answer": { status: 502, says: "The service gave an answer that can't be used." },
  // the edge's own pages
  "no-such-page": { status: 404, says: "There is no such page." },
  unauthorised: { status: 401, says: "The right token is needed here." },
  "bad-order": { status: 400, says: "The order can't be carried out." },
  "order-too-large": { status: 413, says: "The order is too large." },
  "request-timeout": { status: 408, says: "The request did not come in time." },
  "not-same-origin": { status: 403, says: "Only pages of this site can tell this." },
  "method-not-allowed": { status: 405, says: "This can't be asked for with this method." },
  // transform
  "unsatisfiable-range": { status: 416, says: "The content has no such range." },
  // the edge itself
  "client-error": { status: 400, says: "The request can't be understood." },
  "edge-error": { status: 500, says: "Something went wrong on this server." },
  "bad-config": { status: 500, says: "This server is not configured correctly." },
} as const satisfies Record<string, Told>;

interface Told {
  readonly status: number;
  readonly says: string;
  /** Seconds after which it may be otherwise (RFC 9110 §10.2.3). */
  readonly retryAfter?: number;
}

export type Reason = keyof typeof reasons;
