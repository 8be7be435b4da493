/** Tags that come as text: what is in `<noscript>` is none to the platform's parser, which reads pages as browsers with scripts do. */
import type { Mapping } from "../mapping.ts";
import { tagOrCss, type Language } from "./addresses.ts";
import { attributes, mapValue } from "./attributes.ts";

const byName = new Map(attributes.map(([name, map, element]) => [name, { map, element }]));

/** An attribute: its name, and where it has a value, what leads to that, and the value, by its quotes. */
const attribute = /([^\s"'<>/=]+)(?:(\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g;

/** Tags whose attributes hold addresses, and the addresses of styles. */
export function tagsFor(mapping: Mapping): Language {
  return {
    ...tagOrCss,
    mapFound: (found) => (found.startsWith("<") ? mapTag(found, mapping) : mapping.reference(found)),
  };
}

/** Of a tag that ends. Writes only what changed, so that the rest of the tag keeps every byte. */
function mapTag(tag: string, mapping: Mapping): string {
  if (!tag.endsWith(">")) return tag;
  const tagName = /^<([^\s/>]*)/.exec(tag)![1]!.toLowerCase();
  const getAttribute = (wanted: string): string | null => {
    const found = [...tag.matchAll(attribute)].find(([, name]) => name!.toLowerCase() === wanted);
    return found ? valueOf(found) : null;
  };
  return tag.replace(attribute, (written: string, ...groups: (string | undefined)[]) => {
    const [name = "", equals] = groups;
    const { map, element } = byName.get(name.toLowerCase()) ?? {};
    if (!map || equals === undefined || (element !== undefined && element !== tagName)) return written;
    const mapped = mapValue(valueOf([written, ...groups]), (value) => map(value, mapping, { getAttribute }));
    return mapped === undefined ? written : `${name}${equals}"${mapped.replaceAll('"', "&quot;")}"`;
  });
}

function valueOf([, , , double, single, bare]: readonly (string | undefined)[]): string {
  return double ?? single ?? bare ?? "";
}
