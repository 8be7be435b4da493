/** How the origins of a site are chosen and asked, as the config says it. Types only; times in milliseconds. */
import type { Position } from "../geo/position.ts";

/** Which of the origins that are well is asked first. */
export type Balance = "nearest" | "first";

/** How the origins of a site are asked, and asked again. */
export interface Asking {
  readonly timeouts: Timeouts;
  readonly retry: Retry;
}

/** How long origins may take. */
export interface Timeouts {
  /** To the header of an answer, each try. */
  readonly header: number;
  /** From the first try to the last byte of the answer; Infinity: as long as it takes. */
  readonly whole: number;
}

export interface Retry {
  /** How often origins are asked for one visit at most. */
  readonly tries: number;
  /** Tries beyond the first, as a share of recent visits: from 0 to 1. */
  readonly budget: number;
  /** Bytes of a request's body that are kept to be sent again. */
  readonly body: number;
  /** The longest pause before an origin is asked again. */
  readonly backoff: number;
}

export interface Origin {
  readonly name: string;
  /** Scheme, host and port, without a path. */
  readonly url: URL;
  /** Path put before every target; "" or "/…" without a slash at its end. */
  readonly base: string;
  /** Latitude and longitude in degrees; undefined when the config says nothing of its place. */
  readonly at: Position | undefined;
}
