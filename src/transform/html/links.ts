/** Maps the links of HTML pages, as they stream by. */
import type { Answer } from "../../answer.ts";
import type { Fields } from "../../http/fields.ts";
import { mapRefresh } from "../../http/link.ts";
import { essence } from "../../http/media-type.ts";
import type { Planned } from "../../visit.ts";
import { codingOf, decode } from "../coding.ts";
import { mapSources } from "../map-fields.ts";
import type { Mapping } from "../mapping.ts";
import { markChanged } from "../representation.ts";
import { isOpen } from "../open.ts";

type MapAttribute = (value: string, mapping: Mapping, element: Element) => string;

const mapOne: MapAttribute = (value, { reference }) => reference(value);

/** Image candidates: each a reference and what it is good for, up to the next comma (HTML §4.8.4.2.1). */
const mapCandidates: MapAttribute = (value, { reference }) =>
  value.replace(/([^\s,](?:\S*[^\s,])?)([^,]*)/g, (_, url: string, descriptor: string) => reference(url) + descriptor);

/** References between white space. */
const mapSeveral: MapAttribute = (value, { reference }) => value.replace(/\S+/g, reference);

/** What `content` holds depends on the other attributes of `<meta>`: a redirect, a policy, or one address. */
const mapContent: MapAttribute = (value, mapping, element) => {
  const httpEquiv = element.getAttribute("http-equiv")?.toLowerCase();
  if (httpEquiv === "refresh") return mapRefresh(value, mapping.reference);
  if (httpEquiv === "content-security-policy") return mapSources(value, mapping);
  return /^\s*\S+\s*$/.test(value) ? mapping.reference(value) : value;
};

/**
 * Attributes that hold addresses, on whatever element. Not mapped, because they are not links but text with a meaning of
 * its own: scripts, styles, `srcdoc`, `data-*`, and what the reader sees.
 */
const attributes: readonly (readonly [name: string, map: MapAttribute, element?: string])[] = [
  ["href", mapOne],
  ["src", mapOne],
  ["action", mapOne],
  ["formaction", mapOne],
  ["poster", mapOne],
  ["data", mapOne],
  ["cite", mapOne],
  ["background", mapOne],
  ["longdesc", mapOne],
  ["manifest", mapOne],
  ["xlink:href", mapOne],
  ["srcset", mapCandidates],
  ["imagesrcset", mapCandidates],
  ["ping", mapSeveral],
  ["content", mapContent, "meta"],
];

/**
 * The answer with the links of its page mapped. Whether a page holds any is known only at its end, so that every page
 * counts as changed (its length and its strong entity tag go), though one without any keeps every byte.
 */
export async function mapHtml(visit: Planned, answer: Answer, mapping: Mapping): Promise<Answer> {
  if (answer.status === 206 || !mayHoldLinks(answer.fields)) return answer;
  if (answer.status === 304) {
    markChanged(answer.fields);
    return answer;
  }
  visit.trail.note("transform", "html");
  const plain = codingOf(answer.fields) === "" ? answer : await decode(answer);
  markChanged(plain.fields);
  if (plain.body === null) return plain;
  return { ...plain, body: createRewriter(mapping).transform(new Response(plain.body)).body };
}

/** Whether it is a part of a page whose links would be mapped: that takes the whole, for a part may begin inside a link. */
export function isPartOfPage({ status, fields }: Answer): boolean {
  return status === 206 && mayHoldLinks(fields);
}

/** A page that may be changed. */
function mayHoldLinks(fields: Fields): boolean {
  return essence(fields.get("content-type")) === "text/html" && isOpen(fields);
}

/** Its selectors ask for the origins' hosts, so that the platform's parser calls us only where there is work. */
function createRewriter(mapping: Mapping): HTMLRewriter {
  const rewriter = new HTMLRewriter();
  const wanted = [...mapping.hosts().map((host) => `*="${host}" i`), ...(mapping.base ? [`*="${mapping.base}"`] : [])];
  for (const [name, map, element = ""] of attributes) {
    const handler = { element: (found: Element) => mapAttribute(found, name, (value) => map(value, mapping, found)) };
    for (const match of wanted) rewriter.on(`${element}[${name.replace(":", "\\:")}${match}]`, handler);
  }
  return rewriter;
}

/** Writes only what changed, so that the rest of the page keeps every byte. */
function mapAttribute(element: Element, name: string, map: (value: string) => string): void {
  const value = element.getAttribute(name);
  if (value === null || value.includes("\ufffd")) return; // not UTF-8 after all: writing it back would damage it
  const mapped = map(value);
  if (mapped !== value) element.setAttribute(name, mapped);
}
