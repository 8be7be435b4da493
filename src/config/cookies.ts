/** What rules do with cookies. Types only. */

/** Names; a trailing "*" matches the rest of one. */
export type CookieNames = readonly string[];

export interface CookieEdits {
  /** Of the request's, on their way to the origin: only these, and none of those. */
  readonly keep?: CookieNames;
  readonly remove: CookieNames;
  /** Of the answer's, on their way to the client, in order. */
  readonly set: readonly CookieChange[];
}

/** What becomes of the lines of `Set-Cookie`. */
export interface CookieChange {
  /** Undefined: all of them. */
  readonly names: CookieNames | undefined;
  /** They are taken out. */
  readonly remove: boolean;
  /** Attribute → its value; "" for one that has none, undefined: it is taken away. */
  readonly attributes: readonly (readonly [name: string, value: string | undefined])[];
  /** Put before the name for the client, and taken off for the origin. */
  readonly prefix: CookiePrefix | undefined;
}

/** By which a browser holds a cookie to what it says (RFC 6265bis §4.1.3). */
export type CookiePrefix = "__Secure-" | "__Host-";
