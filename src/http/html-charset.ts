/** In which character encoding a page says it is, where its header field says nothing (HTML §13.2.3.2). */

/** Bytes at the beginning of a page in which that is looked for. */
export const prescanned = 1024;

/** What of a page is passed over, and the beginnings of its tags. */
const markup =
  /<!--[^]*?-->|<meta(?=[\s/])((?:"[^"]*"|'[^']*'|[^"'>])*)|<\/?[a-z](?:"[^"]*"|'[^']*'|[^"'>])*|<[!/?][^>]*/gi;
const attribute = /([^\s/=>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g;
const charsetIn = /charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))/i;

/**
 * The label of the encoding, in lower case; undefined when the page doesn't say.
 * @param bytes the first {@link prescanned} of it, or all where there are fewer.
 */
export function sniffCharset(bytes: Uint8Array): string | undefined {
  const marked = byteOrderMark(bytes);
  if (marked) return marked;
  const text = new TextDecoder("windows-1252").decode(bytes);
  for (const [, attributes] of text.matchAll(markup)) {
    const label = attributes === undefined ? undefined : labelIn(attributes);
    if (label !== undefined && isKnown(label)) return asRead(label);
  }
  return undefined;
}

function byteOrderMark([one, two, three]: Uint8Array): string | undefined {
  if (one === 0xef && two === 0xbb && three === 0xbf) return "utf-8";
  if (one === 0xfe && two === 0xff) return "utf-16be";
  return one === 0xff && two === 0xfe ? "utf-16le" : undefined;
}

/** Of a `<meta>`. In `content` it counts only beside `http-equiv="content-type"`. */
function labelIn(attributes: string): string | undefined {
  const values = new Map<string, string>();
  for (const [, name, ...value] of attributes.matchAll(attribute)) {
    const key = name!.toLowerCase();
    if (!values.has(key)) values.set(key, value.find((each) => each !== undefined) ?? "");
  }
  const isType = values.get("http-equiv")?.toLowerCase() === "content-type";
  const found = isType ? charsetIn.exec(values.get("content") ?? "") : null;
  return (values.get("charset") ?? found?.slice(1).find((each) => each !== undefined))?.trim().toLowerCase();
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}

/** A page whose tags could be read in ASCII isn't in UTF-16. */
function asRead(label: string): string {
  return label.startsWith("utf-16") ? "utf-8" : label;
}
