/** What clients bring for experiments: cookies and links of the edge's own. No later room sees them, and no origin gets them. */
import type { Experiment } from "../../config/experiments.ts";
import { parseAddress, type Address } from "../../http/address.ts";
import { dropCookies, takeCookie } from "../../http/cookie.ts";
import { parameter, withoutParameters } from "../../http/query.ts";
import type { Clean } from "../../visit.ts";
import { forcedCookie, linkParameter } from "./forced.ts";
import { keepingCookie } from "./keeping.ts";

/** As many cookies of one name are looked at: others may be of another path, or of a domain above. */
const mostCookies = 20;

export interface Brought {
  /** The visit without it. */
  readonly visit: Clean;
  /** Cookies that keep clients in their variants. */
  readonly kept: readonly string[];
  /** Cookies that remember a link. */
  readonly forced: readonly string[];
  /** What the link holds by which the client came. */
  readonly link: string | undefined;
}

const nothing = { kept: [], forced: [], link: undefined };

/** Takes it from the visit; and fields that tell origins of experiments, which only the edge may write. */
export function takeBrought(visit: Clean, experiments: readonly Experiment[]): Brought {
  const { fields, url } = visit;
  const cookies = fields.get("cookie") ?? "";
  const isKnown = cookies.includes(keepingCookie) || cookies.includes(forcedCookie);
  const isLinked = experiments.length > 0 && url.search.includes(linkParameter);
  const told = experiments.flatMap(({ header }) => (header !== undefined && fields.has(header) ? [header] : []));
  const referrer = experiments.length > 0 ? linkReferring(visit) : undefined;
  if (!isKnown && !isLinked && !referrer && told.length === 0) return { visit, ...nothing };

  const rest = dropCookies(fields.copy(), [keepingCookie, forcedCookie]);
  for (const name of told) rest.delete(name);
  if (referrer) rest.set("referer", withoutParameters(referrer, [linkParameter]).href);
  const valuesOf = (name: string) => takeCookie(cookies, name)?.values.slice(0, mostCookies) ?? [];
  return {
    visit: { ...visit, fields: rest, ...(isLinked && { url: withoutParameters(url, [linkParameter]) }) },
    kept: valuesOf(keepingCookie),
    forced: valuesOf(forcedCookie),
    link: isLinked ? parameter(url, linkParameter) : undefined,
  };
}

/** The link to this host from whose page the client comes, or asks for what the page needs. */
function linkReferring({ fields, url }: Clean): Address | undefined {
  const written = fields.get("referer") ?? "";
  const from = written.includes(`${linkParameter}=`) ? parseAddress(written) : undefined;
  return from?.host === url.host ? from : undefined;
}
