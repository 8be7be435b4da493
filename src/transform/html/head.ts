/** What the head of a page loads. */
import type { Address } from "../../http/address.ts";

/** One thing that a page needs. */
export interface Hint {
  readonly rel: "preload" | "modulepreload" | "preconnect";
  /** Its address, as it stands in the link. */
  readonly target: string;
  /** The member of a `Link` field. */
  readonly link: string;
}

/** Hints of a page, and characters of an address, that are kept. */
const [mostHints, longest] = [50, 500];

/** Whatever a preload may be of (Fetch §2.2.7), by which browsers know what to do with it. */
const kinds: ReadonlySet<string> = new Set(["fetch", "font", "image", "script", "style", "track"]);
const scriptTypes: ReadonlySet<string> = new Set(["", "text/javascript", "application/javascript"]);

/** Whose content browsers that run scripts don't load. */
const inert = ["template", "noscript"];

/**
 * Looks for what the head of a page loads, in its order, as it streams through the parser.
 * @param changing selectors of elements that visits have otherwise: from the first of them on, nothing is known.
 */
export function createFinder(page: Address, changing: readonly string[] = []) {
  const found = new Map<string, Hint>();
  let base = page.href;
  let isDone = false;
  let depth = 0;
  const enter = (element: Element): void => {
    depth++;
    element.onEndTag(() => void depth--);
  };
  const add = (
    rel: Hint["rel"],
    element: Element,
    { of, as }: { readonly of: "href" | "src"; readonly as?: string },
  ) => {
    const target = targetOf(element.getAttribute(of) ?? "", { base, page });
    if (isDone || depth > 0 || target === undefined || found.size >= mostHints || found.has(target)) return;
    const parts = [`<${target}>`, `rel=${rel}`, ...(as === undefined ? [] : [`as=${as}`]), ...detailsOf(element)];
    found.set(target, { rel, target, link: parts.join("; ") });
  };
  const rewriter = new HTMLRewriter();
  for (const selector of [...changing, "body"]) rewriter.on(selector, { element: () => void (isDone = true) });
  for (const name of inert) rewriter.on(name, { element: enter });
  rewriter
    .on("base[href]", {
      element: (element) => {
        if (depth === 0) base = resolve(element.getAttribute("href")!, base)?.href ?? base;
      },
    })
    .on("script[src]", { element: (element) => addScript(element, add) })
    .on("link[rel][href]", { element: (element) => addLink(element, add) });
  return { rewriter, hints: (): readonly Hint[] => [...found.values()] };
}

type Add = (rel: Hint["rel"], element: Element, how: { readonly of: "href" | "src"; readonly as?: string }) => void;

function addScript(element: Element, add: Add): void {
  const type = element.getAttribute("type")?.trim().toLowerCase() ?? "";
  if (element.hasAttribute("nomodule")) return;
  if (type === "module") add("modulepreload", element, { of: "src" });
  else if (scriptTypes.has(type)) add("preload", element, { of: "src", as: "script" });
}

function addLink(element: Element, add: Add): void {
  const rels = new Set(element.getAttribute("rel")!.toLowerCase().split(/\s+/));
  if (!isForAll(element) || element.hasAttribute("imagesrcset")) return;
  if (rels.has("stylesheet") && !rels.has("alternate")) add("preload", element, { of: "href", as: "style" });
  else if (rels.has("modulepreload")) add("modulepreload", element, { of: "href" });
  else if (rels.has("preconnect")) add("preconnect", element, { of: "href" });
  else if (rels.has("preload")) {
    const as = element.getAttribute("as")?.toLowerCase() ?? "";
    if (kinds.has(as)) add("preload", element, { of: "href", as });
  }
}

/** Whether every browser loads it: what depends on the window isn't known here. */
function isForAll(element: Element): boolean {
  const media = element.getAttribute("media")?.trim().toLowerCase() ?? "";
  return ["", "all", "screen"].includes(media) && !element.hasAttribute("disabled");
}

/** By which the browser knows that it is the very thing that the page loads. */
function detailsOf(element: Element): readonly string[] {
  const crossorigin = element.getAttribute("crossorigin")?.toLowerCase();
  const type = element.getAttribute("type")?.trim() ?? "";
  const integrity = element.getAttribute("integrity")?.trim() ?? "";
  const isTyped = element.tagName === "link" && /^[\w.+-]+\/[\w.+-]+$/.test(type);
  return [
    ...(crossorigin === undefined
      ? []
      : [crossorigin === "use-credentials" ? "crossorigin=use-credentials" : "crossorigin"]),
    ...(isTyped ? [`type="${type}"`] : []),
    ...(/^[\w+/= -]+$/.test(integrity) ? [`integrity="${integrity}"`] : []),
  ];
}

/**
 * An address as it can stand in a `Link` field, which is read against the page's own; undefined for none of the web's, and for the
 * page itself, whose query may be that of one client alone.
 */
function targetOf(
  written: string,
  { base, page }: { readonly base: string; readonly page: Address },
): string | undefined {
  const url = resolve(written, base);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || written.trim() === "") return undefined;
  const isHere = url.origin === page.origin;
  if (isHere && url.pathname === page.pathname && url.search === page.search) return undefined;
  const target = isHere ? url.pathname + url.search : url.href.slice(0, url.href.length - url.hash.length);
  return target.length > longest || target.startsWith("//") ? undefined : target;
}

/** As it is written in an attribute. What has other character references than that of "&" is passed over. */
function resolve(written: string, base: string): URL | null {
  const text = written.replace(/&(?:amp|#38|#x26);/gi, "&");
  return /\ufffd|&#?\w+;/.test(text) ? null : URL.parse(text, base);
}
