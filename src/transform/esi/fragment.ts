/** Fragments of pages: visits of the same client that the edge makes itself. */
import type { Edge } from "../../edge.ts";
import { visitedAddress, type VisitedAddress } from "../../http/address.ts";
import type { Fields } from "../../http/fields.ts";
import { Trail } from "../../trail.ts";
import type { Included, Visit } from "../../visit.ts";

/** Makes the journey of a fragment; never rejects. */
export type Include = (fragment: Fragment) => Promise<Response>;

/** What is asked for, and as which of the page's fragments. */
export interface Fragment {
  readonly url: VisitedAddress;
  readonly included: Included;
  /** Its number, among all that the page takes. */
  readonly number: number;
}

/** Fields that say what of an answer this client wants, in which form, or that speak of a body: of the page, not of fragments. */
const ofThePage = [
  "accept-encoding",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "origin",
  "range",
  "transfer-encoding",
  "upgrade",
] as const;

/** The visit for a fragment: by the same client, with what it showed, so that it gets what it would get by itself. */
export function fragmentOf(page: Visit, { url, included, number }: Fragment, { now }: Pick<Edge, "now">): Visit {
  return {
    id: `${page.id}.${number}`,
    method: "GET",
    url,
    fields: fieldsOf(page, url),
    request: new Request(url.href, { signal: page.request.signal }),
    client: page.client,
    startedAt: now(),
    trail: new Trail(),
    included,
  };
}

/** By which the client is known to the host that it visits, and to no other. */
const credentials = ["authorization", "cookie", "proxy-authorization"] as const;

function fieldsOf(page: Visit, { host }: VisitedAddress): Fields {
  const fields = page.fields.copy();
  for (const name of ofThePage) fields.delete(name);
  if (host !== page.url.host) for (const name of credentials) fields.delete(name);
  return fields.set("accept-encoding", "identity");
}

/** The edge's own pages. */
const own = /^\/\.perigee(?:\/|$)/i;

/**
 * The address of a fragment as a page names it: below the visited scheme, on any host of the edge's sites. Undefined for what
 * is none, or is one of the edge's own pages.
 */
export function addressOf(src: string, page: Pick<Visit, "url">): VisitedAddress | undefined {
  const href = URL.parse(src, page.url.href)?.href;
  const url = href === undefined ? undefined : visitedAddress(href);
  return url && url.protocol === page.url.protocol && !own.test(url.pathname) ? url : undefined;
}
