/** Maps the links of HTML pages, as they stream by. */
import { hasReferences, withoutReferences } from "../../http/html-text.ts";
import { mapRefresh } from "../../http/link.ts";
import { mapSources } from "../map-fields.ts";
import type { Mapping } from "../mapping.ts";
import { css, inPieces, json, mapText, srcdoc, type Language } from "./addresses.ts";
import type { Shrinking } from "./rewrite.ts";

type MapAttribute = (value: string, mapping: Mapping, element: Element) => string;

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

/** Attributes of which most pages have most addresses: in each of them as many selectors take their time. */
const usual: ReadonlySet<string> = new Set(["href", "src", "action", "srcset"]);

/** From so many hosts on, to ask the parser for each takes it longer than a look at every link takes us. */
const manyHosts = 16;

/**
 * Has the parser call us where there is work: its selectors ask for the origins' hosts.
 * @param shrinking is told by how much what changes becomes shorter.
 */
export function arrangeLinks(rewriter: HTMLRewriter, { mapping, scripts }: Linking, shrinking: Shrinking): void {
  for (const [name, map, element = ""] of attributes) {
    const handler = {
      element(found: Element): void {
        shrinking.bytes += mapAttribute(found, name, (value) => map(value, mapping, found));
      },
    };
    for (const match of matchesOf(mapping, usual.has(name)))
      rewriter.on(`${element}[${name.replace(":", "\\:")}${match}]`, handler);
  }
  rewriter.on("style", { text: mapTexts(css, mapping, shrinking) });
  for (const type of scripts) rewriter.on(`script[type="${type}" i]`, { text: mapTexts(json, mapping, shrinking) });
}

/** How links are mapped, and in which types of scripts that hold JSON. */
interface Linking {
  readonly mapping: Mapping;
  readonly scripts: readonly string[];
}

/** @param isUsual of an attribute in which a host may be written in character references, too. */
function matchesOf({ fewHosts, base }: Mapping, isUsual: boolean): readonly string[] {
  const hosts = fewHosts(manyHosts);
  const written = isUsual ? ['*="&#"'] : [];
  return hosts ? [...hosts.map((host) => `*="${host}" i`), ...(base ? [`*="${base}"`] : []), ...written] : [""];
}

/** Writes only what changed, so that the rest of the page keeps every byte. @returns by how many bytes it became shorter. */
function mapAttribute(element: Element, name: string, map: (value: string) => string): number {
  const value = element.getAttribute(name);
  if (value === null) return 0;
  const read = hasReferences(value) ? withoutReferences(value) : value;
  const mapped = map(read);
  if (mapped === read) return 0;
  element.setAttribute(name, mapped);
  return value.length - mapped.length;
}

function mapTexts(language: Language, mapping: Mapping, shrinking: Shrinking): (text: Text) => void {
  const map = inPieces(language, mapping);
  return (text) => {
    const mapped = map(text.text, text.lastInTextNode);
    if (mapped === text.text) return;
    shrinking.bytes += text.text.length - mapped.length;
    text.replace(mapped, { html: true });
  };
}
