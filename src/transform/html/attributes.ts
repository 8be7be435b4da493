/** Attributes in which addresses stand, and how each is mapped. */
import { hasReferences, withoutReferences } from "../../http/html-text.ts";
import { mapRefresh } from "../../http/link.ts";
import { mapSources } from "../map-fields.ts";
import type { Mapping } from "../mapping.ts";
import { css, mapText, srcdoc } from "./addresses.ts";

type MapAttribute = (value: string, mapping: Mapping, element: Pick<Element, "getAttribute">) => string;

const mapOne: MapAttribute = (value, { reference }) => reference(value);

/** Image candidates: each a reference and what it is good for, up to the next comma (HTML §4.8.4.2.1). */
const mapCandidates: MapAttribute = (value, { reference }) =>
  value.replace(/([^\s,](?:\S*[^\s,])?)([^,]*)/g, (_, url: string, descriptor: string) => reference(url) + descriptor);

/** References between white space. */
const mapSeveral: MapAttribute = (value, { reference }) => value.replace(/\S+/g, reference);

const mapStyle: MapAttribute = (value, mapping) => mapText(value, css, mapping);

const mapPage: MapAttribute = (value, mapping) => mapText(value, srcdoc, mapping);

/** What `content` holds depends on the other attributes of `<meta>`: a redirect, a policy, or one address. */
const mapContent: MapAttribute = (value, mapping, element) => {
  const httpEquiv = element.getAttribute("http-equiv")?.toLowerCase();
  if (httpEquiv === "refresh") return mapRefresh(value, mapping.reference);
  if (httpEquiv === "content-security-policy") return mapSources(value, mapping);
  return /^\s*\S+\s*$/.test(value) ? mapping.reference(value) : value;
};

/**
 * Attributes that hold addresses, on whatever element. Not mapped, because they are not links but text with a meaning of
 * its own: scripts, `data-*`, and what the reader sees.
 */
export const attributes: readonly (readonly [name: string, map: MapAttribute, element?: string])[] = [
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
  ["itemid", mapOne],
  ["codebase", mapOne],
  ["xlink:href", mapOne],
  ["srcset", mapCandidates],
  ["imagesrcset", mapCandidates],
  ["ping", mapSeveral],
  ["archive", mapSeveral],
  ["attributionsrc", mapSeveral],
  ["style", mapStyle],
  ["fill", mapStyle],
  ["stroke", mapStyle],
  ["filter", mapStyle],
  ["mask", mapStyle],
  ["clip-path", mapStyle],
  ["srcdoc", mapPage],
  ["content", mapContent, "meta"],
];

/** The value with its addresses mapped, as browsers read it; undefined when there are none to map, and it may stay as it is written. */
export function mapValue(value: string, map: (read: string) => string): string | undefined {
  const read = hasReferences(value) ? withoutReferences(value) : value;
  const mapped = map(read);
  return mapped === read ? undefined : mapped;
}
