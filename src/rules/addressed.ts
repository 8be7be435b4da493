/** Addresses in HTML that hold what a visit gives: it may choose where on a host they lead, and never the scheme or the host. */
import { refreshAddress } from "../http/link.ts";
import type { Visit } from "../visit.ts";

/** Attributes that hold one address. */
const single: ReadonlySet<string> = new Set([
  ...["action", "background", "cite", "codebase", "data", "formaction", "href", "longdesc", "manifest", "poster"],
  ...["src", "xlink:href"],
]);

/** Attributes that hold several, between white space and commas. */
const several: ReadonlySet<string> = new Set(["ping", "srcset", "imagesrcset", "archive", "attributionsrc"]);

/** Attributes by which a page loads what then acts in it. */
const loading: ReadonlySet<string> = new Set(["src", "data", "codebase", "manifest"]);

/** Stands, in what comes before a value, for another one, which may be anything and nothing. */
export const anything = "\0";

/** A value in an attribute. */
export interface Addressed {
  readonly name: string;
  /** What stands before it in the attribute, {@link anything} for each value. */
  readonly before: string;
  /** What stands behind it, up to the next value. */
  readonly after: string;
}

/** The value for that visit, or "" where it would lead elsewhere. */
export type Guard = (value: string, visit: Pick<Visit, "url">) => string;

/** A host's name that isn't at its end. */
const openHost = /^(?:[a-z][a-z\d+.-]*:)?[/\\]{2}[^/?#\\]*$/i;

/** What can be continued without leading to another host: a whole host, or a path or query that has begun, or what has no host. */
const fixed = /^(?:(?:https?:)?\/\/[^/?#\\]+[/?#]|\/[^/\\]|[^\s:/?#\\]+[/?#]|[?#]|(?:mailto|tel):)/i;

const asIs: Guard = (value) => value;

/** How a value is kept from choosing scheme and host there; or where it is, when nothing can keep it. */
export function guardOf({ name, before, after }: Addressed): Guard | string {
  if (name === "content") return guardOfContent(before, after);
  const isList = several.has(name);
  if (!isList && !single.has(name)) return asIs;
  const start = beginning(isList ? before.split(/[\s,]/).at(-1)! : before);
  const readings = ["", "x"].map((value) => start.replaceAll(anything, value));
  if (readings.some((each) => openHost.test(each))) return `the host of an address (the attribute ${name})`;
  const [shortest = ""] = readings;
  const isFixed = readings.every((each) => fixed.test(each));
  const isOpen = !isFixed && (loading.has(name) || start === anything || !/^\/?$/.test(shortest));
  if (isOpen) return `the beginning of an address (the attribute ${name})`;
  const guard = isFixed ? asIs : staying(shortest, after);
  return isList ? (value, visit) => (/[\s,]/.test(value) ? "" : guard(value, visit)) : guard;
}

/** As browsers read it (URL §4.4): without what they pass over. */
function beginning(address: string): string {
  return address.replaceAll(/[\t\n\r]/g, "").trimStart();
}

/** What may become a refresh by what follows; and what is one. */
const [beforeRefresh, inRefresh] = [/^[\s\d.]*$/, /^[\s\d.]*[;,]/];

/** The `content` of a `<meta>`, which is a refresh where `http-equiv` says so: of what a value could make one, only the first can be told. */
function guardOfContent(before: string, after: string): Guard | string {
  const [start = "", ...others] = before.split(anything);
  const isOpen = beforeRefresh.test(start);
  if (!isOpen && !inRefresh.test(start)) return asIs;
  return isOpen && others.length === 0
    ? staying(before, after, (text) => refreshAddress(text) ?? "")
    : "the address of a refresh";
}

/** For a value with which the address may still lead anywhere: it leads to the visited host, or there is none. */
function staying(before: string, after: string, addressIn = (text: string): string => text): Guard {
  return (value, { url }) => {
    const ends = [value, value + after].map((end) => addressIn(before + end));
    return ends.every((end) => stays(end, url)) ? value : "";
  };
}

/** A scheme without a host: whether one follows depends on the scheme of the page's own base (URL §4.4). */
const schemeAlone = /^[\0-\x20]*[a-z][a-z\d+.-]*:(?![/\\]{2})/i;

function stays(address: string, { href, protocol, host }: Visit["url"]): boolean {
  if (schemeAlone.test(address.replaceAll(/[\t\n\r]/g, ""))) return false;
  const end = URL.parse(address, href);
  return end?.protocol === protocol && end.host === host;
}
