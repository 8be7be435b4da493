/** HTTP cache cases as data: what a client asks, what its origin does, and what both must see. */

export interface Suite {
  readonly id: string;
  readonly name: string;
  readonly tests: readonly Case[];
}

/** "required" by the RFCs; "optimal": allowed, and good; "check": both ways are right. */
export type Kind = "required" | "optimal" | "check";

export interface Case {
  readonly id: string;
  readonly name: string;
  readonly kind?: Kind;
  /** Where the RFCs ask for it: "RFC 9111 §4.2.1". */
  readonly spec?: string;
  /** Cases that must pass for this one to mean anything. */
  readonly depends_on?: readonly string[];
  readonly requests: readonly Exchange[];
}

/** A name and a value; a number as the value of a date field is that many seconds from now. */
export type Header = readonly [name: string, value: string | number, checked?: boolean];

/** One request of a case, its answer, and what is expected of both. */
export interface Exchange {
  readonly request_method?: string;
  readonly request_headers?: readonly Header[];
  readonly request_body?: string;
  readonly query_arg?: string;
  readonly filename?: string;
  readonly response_status?: readonly [code: number, phrase: string];
  readonly response_headers?: readonly Header[];
  readonly response_body?: string | null;
  /** Seconds before the answer. */
  readonly response_pause?: number;
  readonly disconnect?: boolean;
  readonly interim_responses?: readonly (readonly [code: number, headers?: readonly Header[]])[];
  /** true: until everything that is fresh for a second or two is stale; a number: so many seconds. */
  readonly pause_after?: boolean | number;
  readonly expected_type?: "cached" | "not_cached" | "lm_validated" | "etag_validated";
  /** null: any. */
  readonly expected_status?: number | null;
  readonly expected_response_headers?: readonly (
    | string
    | readonly [name: string, value: unknown, than?: number | string]
  )[];
  readonly expected_response_headers_missing?: readonly (string | Header)[];
  readonly expected_response_text?: string | null;
  readonly expected_interim_responses?: readonly unknown[];
  /**
   * What the edge's member of Cache-Status (RFC 9211) says: "hit", "fwd=stale", "ttl>0"; "!stored": it doesn't say that.
   * Our own addition to the form.
   */
  readonly expected_cache_status?: readonly string[];
  readonly check_body?: boolean;
  readonly expected_method?: string;
  readonly expected_request_headers?: readonly (string | Header)[];
  readonly expected_request_headers_missing?: readonly (string | Header)[];
  readonly setup?: boolean;
  readonly setup_tests?: readonly string[];
  readonly magic_locations?: boolean;
  readonly magic_ims?: boolean;
  readonly rfc850date?: readonly string[];
}

const dateFields = new Set(["date", "expires", "last-modified", "if-modified-since", "if-unmodified-since"]);

/** The header as it is written, with its date worked out. @param now milliseconds since the epoch */
export function written([name, value]: Header, now: number, rfc850: readonly string[] = []): readonly [string, string] {
  if (typeof value !== "number" || !dateFields.has(name.toLowerCase())) return [name, String(value)];
  const date = new Date(now + value * 1000);
  return [name, rfc850.includes(name.toLowerCase()) ? rfc850Date(date) : date.toUTCString()];
}

function rfc850Date(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(" ");
  const weekday = date.toLocaleDateString("en-US", { weekday: "long", timeZone: "UTC" });
  return `${weekday}, ${day}-${month}-${year!.slice(2)} ${time} GMT`;
}
