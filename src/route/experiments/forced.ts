/** Testers see the variant that a signed link says, and go on seeing it by a cookie, until the link's time is up. */
import type { Edge } from "../../edge.ts";
import { ownCookie } from "../../http/set-cookie.ts";
import { unseal } from "../../seal.ts";
import type { Clean } from "../../visit.ts";
import { marksIn } from "./keeping.ts";

/** The parameter of the query that makes a URL such a link: its value is sealed, or says {@link off}. */
export const linkParameter = "perigee-experiment";

/** Holds what the link held. */
export const forcedCookie = "perigee-forced";

/** The value by which a tester is a client like others again. */
export const off = "off";

/** For what the value is sealed: it is good on one host. */
export function linkPurpose(host: string): string {
  return `forced ${host}`;
}

export interface Forced {
  /** Of the variants that are to be seen. */
  readonly marks: ReadonlySet<string>;
  /** The line of Set-Cookie, where one is needed. */
  readonly cookie?: string;
}

const nothing: ReadonlySet<string> = new Set();

/** By the link, else by the first good cookie. */
export async function readForced(visit: Clean, { link, forced }: Shown, edge: Edge): Promise<Forced> {
  if (link === off) return { marks: nothing, cookie: cookieOf(visit, "", 0) };
  const values = link === undefined ? forced : [link, ...forced];
  for (const value of values) {
    const sealed = await unseal(edge, linkPurpose(visit.url.host), value);
    if (!sealed) continue;
    const cookie = value === link ? cookieOf(visit, link, sealed.until - edge.now()) : undefined;
    return { marks: new Set(marksIn(sealed.text)), ...(cookie !== undefined && { cookie }) };
  }
  if (values.length > 0) visit.trail.note("route", "experiments:unknown-link");
  return { marks: nothing };
}

interface Shown {
  readonly link: string | undefined;
  readonly forced: readonly string[];
}

function cookieOf({ url: { protocol } }: Clean, value: string, lasts: number): string {
  return ownCookie({ name: forcedCookie, value, lasts, protocol });
}
