import { tokenOrString } from "../http/structured.ts";
import type { Reason } from "../reasons.ts";

/** The error types of RFC 9209 §2.3 that the edge can tell apart. */
type ProxyError =
  | "destination_unavailable"
  | "http_request_denied"
  | "http_request_error"
  | "http_response_timeout"
  | "http_protocol_error"
  | "proxy_configuration_error"
  | "proxy_internal_error"
  | "proxy_internal_response"
  | "proxy_loop_detected";

/** null where the edge answers by itself and nothing is wrong. */
const errors: Readonly<Record<Reason, ProxyError | null>> = {
  "unknown-host": "http_request_error",
  "url-too-long": "http_request_error",
  "too-many-fields": "http_request_error",
  "fields-too-large": "http_request_error",
  "bad-field": "http_request_error",
  "transfer-coding": "http_request_error",
  "method-override": "http_request_error",
  "bad-path": "http_request_error",
  "blocked-by-rule": "http_request_denied",
  "rate-limited": "http_request_denied",
  banned: "http_request_denied",
  "bot-refused": "http_request_denied",
  "bot-unverified": "http_request_denied",
  "payment-required": "http_request_denied",
  "score-too-high": "http_request_denied",
  challenged: "http_request_denied",
  cleared: null,
  "sign-in-needed": "http_request_denied",
  "not-let-in": "http_request_denied",
  "access-undecided": "proxy_internal_error",
  "https-only": null,
  preflight: null,
  "redirected-by-rule": null,
  "redirected-by-table": null,
  "answered-by-rule": null,
  "only-if-cached": "proxy_internal_response",
  "unsatisfiable-range": "http_request_error",
  loop: "proxy_loop_detected",
  "no-origin-answered": "destination_unavailable",
  "origin-timeout": "http_response_timeout",
  "no-origin-in-region": "destination_unavailable",
  "origin-overloaded": "destination_unavailable",
  "bad-upstream-answer": "http_protocol_error",
  "client-error": "http_request_error",
  "edge-error": "proxy_internal_error",
  "bad-config": "proxy_configuration_error",
  "no-such-page": null,
  unauthorised: null,
  "bad-order": null,
  "order-too-large": null,
  "request-timeout": null,
  "not-same-origin": null,
  "method-not-allowed": null,
};

/**
 * The edge's member of Proxy-Status, such as `perigee; error=http_response_timeout`; undefined when nothing is wrong.
 * It says what went wrong and never with whom: `next-hop` would name the origin.
 */
export function proxyStatus(name: string, because: Reason): string | undefined {
  const error = errors[because];
  return error === null ? undefined : `${tokenOrString(name)}; error=${error}`;
}
