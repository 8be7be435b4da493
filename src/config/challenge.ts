/** How visits are challenged, as the config says it. Types; times in milliseconds. */

export interface Challenging {
  /** How long a client that passed one isn't challenged again. */
  readonly clearance: number;
  /** How many hashes a browser computes at most: half of them on average. */
  readonly work: number;
  /** How long one that runs no scripts waits. */
  readonly wait: number;
  /** Who is never challenged. */
  readonly spare: readonly Spared[];
  /** Cloudflare's, in place of work. */
  readonly turnstile?: { readonly siteKey: string; readonly secret: string };
}

/** Who may be spared: `docs/CHALLENGES.md` tells who that is. */
export const sparedNames = ["preflights", "verified", "feeds", "assets", "api"] as const;

export type Spared = (typeof sparedNames)[number];
