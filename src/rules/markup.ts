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

/** Attributes whose text is a language of its own, or says what another one's means. */
const languages = /^(?:on.*|style|srcdoc|values|to|from|by|http-equiv)$/i;

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

/** Whether an attribute's value is a language of its own, in which nothing can be escaped. */
export function isLanguage(attributeName: string): boolean {
  return languages.test(attributeName);
}
