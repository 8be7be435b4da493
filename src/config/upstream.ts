/** How the origins of a site are chosen and asked, as the config says it. Types only; times in milliseconds. */
import type { Position } from "../geo/position.ts";

/** Which of the origins that are well is asked first. */
export type Balance = "nearest" | "first";

export interface Origin {
  readonly name: string;
  /** Scheme, host and port, without a path. */
  readonly url: URL;
  /** Path put before every target; "" or "/…" without a slash at its end. */
  readonly base: string;
  /** Latitude and longitude in degrees; undefined when the config says nothing of its place. */
  readonly at: Position | undefined;
}
