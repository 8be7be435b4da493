/** Maps the links of HTML pages, as they stream by. */
import type { Mapping } from "../mapping.ts";
import { css, inPieces, json, type Language } from "./addresses.ts";
import { attributes, mapValue } from "./attributes.ts";
import { tagsFor } from "./tags.ts";
import type { Shrinking } from "./rewrite.ts";

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
  rewriter.on("noscript", { text: mapTexts(tagsFor(mapping), mapping, shrinking) });
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
  const mapped = mapValue(value, map);
  if (mapped === undefined) return 0;
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
