/** Where in a piece of HTML something stands: what is made for a visit may stand only where it can be escaped. */

/** The end of a piece of HTML. */
export type Place =
  /** Between tags. */
  | { readonly kind: "text" }
  /** In an attribute's quotes, after `before`. */
  | { readonly kind: "attribute"; readonly name: string; readonly before: string }
  /** Where no escape is safe. */
  | { readonly kind: "unsafe"; readonly where: string };

/** Elements whose content is no markup, but for their own end tag; in the first two it is text. */
const textual: ReadonlySet<string> = new Set(["title", "textarea"]);
const raw: ReadonlySet<string> = new Set([
  "script",
  "style",
  "iframe",
  "noembed",
  "noframes",
  "noscript",
  "plaintext",
  "xmp",
]);

const name = /^<(\/?)([a-z][^\s/>]*)/i;
/** One attribute, or what is left of it: with a value in quotes that may be open, or without quotes. */
const attribute = /^[\s/]*([^\s=>/"']*)(?:\s*=\s*(?:"([^"]*)("?)|'([^']*)('?)|([^\s>"']*)))?/;

/** Where a piece of HTML ends that begins between tags. */
export function placeAtEnd(html: string): Place {
  let rest = html;
  for (let open = rest.indexOf("<"); open !== -1; open = rest.indexOf("<")) {
    rest = rest.slice(open);
    const step = rest.startsWith("<!--") ? afterComment(rest) : afterTag(rest);
    if (typeof step !== "string") return step;
    rest = step;
  }
  return { kind: "text" };
}

/** What follows, or where the piece ends. */
type Step = string | Place;

function afterComment(html: string): Step {
  const end = html.indexOf("-->", 4);
  return end === -1 ? { kind: "unsafe", where: "a comment" } : html.slice(end + 3);
}

function afterTag(html: string): Step {
  const found = name.exec(html);
  if (!found) return /^<(?:\/?$|[!?/])/.test(html) ? afterMark(html) : html.slice(1);
  let rest = html.slice(found[0].length);
  while (!/^[\s/]*>/.test(rest)) {
    const step = afterAttribute(rest);
    if (typeof step !== "string") return step;
    rest = step;
  }
  rest = rest.slice(rest.indexOf(">") + 1);
  return found[1] === "" ? afterContent(rest, found[2]!.toLowerCase()) : rest;
}

/** After `<!doctype` and the like; `<` alone may be the beginning of anything. */
function afterMark(html: string): Step {
  const end = html.indexOf(">");
  return end === -1 ? { kind: "unsafe", where: "a tag" } : html.slice(end + 1);
}

function afterAttribute(html: string): Step {
  const [all, called = "", double, closedDouble, single, closedSingle] = attribute.exec(html)!;
  if (double !== undefined && !closedDouble) return within(called, double);
  if (single !== undefined && !closedSingle) return within(called, single);
  const isStuck = all === "" || all.length === html.length;
  return isStuck ? { kind: "unsafe", where: "a tag, outside of quotes" } : html.slice(all.length);
}

/** Attributes whose text is a language of its own. */
const languages = /^(?:on.*|style|srcdoc|values|to|from|by)$/i;

function within(called: string, before: string): Place {
  if (languages.test(called)) return { kind: "unsafe", where: `the attribute ${called.toLowerCase()}` };
  return { kind: "attribute", name: called.toLowerCase(), before };
}

function afterContent(html: string, element: string): Step {
  if (!raw.has(element) && !textual.has(element)) return html;
  const end = html.search(new RegExp(`</${element}(?=[\\s/>])`, "i"));
  if (end !== -1) return html.slice(end);
  return textual.has(element) ? "" : { kind: "unsafe", where: `the element ${element}` };
}

/** Attributes that hold an address: where it begins, its scheme can be chosen. */
const addressed: ReadonlySet<string> = new Set([
  ...["action", "background", "cite", "codebase", "data", "formaction", "href", "longdesc", "manifest"],
  ...["ping", "poster", "src", "srcset", "imagesrcset", "xlink:href"],
]);

const schemes: ReadonlySet<string> = new Set(["http", "https", "mailto", "tel"]);

/** Whether an attribute's value is an address: with a script for a scheme it would be run. */
export function isAddress(attributeName: string): boolean {
  return addressed.has(attributeName);
}

/** Whether an attribute's value is a language of its own, in which nothing can be escaped. */
export function isLanguage(attributeName: string): boolean {
  return languages.test(attributeName);
}

/** Attributes by which a page loads what then acts in it. */
const loading: ReadonlySet<string> = new Set(["src", "data", "codebase", "manifest"]);

/** A host's name that isn't at its end. */
const openHost = /^\s*(?:[a-z][a-z\d+.-]*:)?[/\\]{2}[^/?#\\]*$/i;

/** What can be continued without leading to another host: a whole host, or a path that has begun. */
const fixed = /^\s*(?:(?:https?:)?\/\/[^/?#\\]+[/?#]|\/[^/\\]|[^\s:/?#\\]+[/?#])/i;

/**
 * Why an address can't be continued after this beginning, if it can't: who visits would choose a host, or from where the page loads
 * what acts in it.
 */
export function flawOfAddress(attributeName: string, before: string): string | undefined {
  if (openHost.test(before)) return `the host of an address (the attribute ${attributeName})`;
  const isOpen = loading.has(attributeName) && !fixed.test(before);
  return isOpen ? `the beginning of an address (the attribute ${attributeName})` : undefined;
}

/** An address that can't be a script: "" when it has another scheme than those of links. */
export function safeAddress(address: string): string {
  // Browsers pass over these in a scheme (URL §4.4).
  // oxlint-disable-next-line no-control-regex -- they do
  const [, scheme] = /^([^/?#:]*):/.exec(address.replace(/[\0-\x20]/g, "")) ?? [];
  return scheme === undefined || schemes.has(scheme.toLowerCase()) ? address : "";
}
