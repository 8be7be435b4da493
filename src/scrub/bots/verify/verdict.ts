import type { Proof } from "../../../visit.ts";

/** What is known of who a bot is. */
export interface Verdict {
  readonly proof: Proof;
  /** By what, for the trail; absent when nothing was looked at. */
  readonly by?: string;
  /** Its name, where the proof tells a better one than its User-Agent. */
  readonly bot?: string;
}
