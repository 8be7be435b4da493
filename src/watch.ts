/** What passes between a location and the one who probes the origins from its region: plain data. */
import type { Probed, WhyEjected } from "./origin-state.ts";
import type { Region } from "./geo/regions.ts";

/** The way to those who probe. */
export interface Watch {
  /**
   * What is known in that region; looking there keeps the probes going. `reports` hasten the next ones.
   * @throws when there is nobody, or nothing is said in time.
   */
  readonly look: (region: Region | undefined, reports: readonly Report[]) => Promise<View>;
}

/** An origin that this isolate has ejected. */
export interface Report {
  /** Its name. */
  readonly origin: string;
  readonly why: WhyEjected;
}

/** By the name of the origin. */
export type View = Readonly<Record<string, Sight>>;

/** Clocks differ: times are milliseconds before the view was given. */
export interface Sight extends Pick<Probed, "isUp" | "why"> {
  readonly since: number;
  readonly at: number;
}
