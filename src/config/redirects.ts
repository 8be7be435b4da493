/** Redirects in bulk, as requests need them. Types only. */
import type { Address } from "../http/address.ts";

/** Where a visit leads. */
export interface Moved {
  readonly status: number;
  /** A path, or a URL. Not checked: what was taken of the visited path may stand in it. */
  readonly to: string;
  /** As it is written, for the trail. */
  readonly from: string;
}

/** What is asked about. */
export type VisitedPlace = Pick<Address, "hostname" | "pathname" | "search">;

/** Tables of redirects, asked as one. */
export interface Redirects {
  readonly find: (url: VisitedPlace) => Moved | undefined;
}
