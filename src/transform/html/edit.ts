/** Edits the elements of HTML pages that rules name, as the page streams by. */
import type { HtmlEdit, Wording } from "../../config/shape.ts";
import { Ends, type Work } from "./ends.ts";
import { toBytewise, type Rewriting } from "./rewrite.ts";

/** In whose content markup means nothing: escaped text isn't what it was there, and is no text. */
const rawText: ReadonlySet<string> = new Set([
  "iframe",
  "noembed",
  "noframes",
  "noscript",
  "plaintext",
  "script",
  "style",
  "xmp",
]);

/** Within the element. */
const inside: ReadonlySet<string> = new Set(["prepend", "content", "append"]);

const asHtml = { html: true } as const;

/**
 * The edits of a page, in order. What one of them has removed, replaced or unwrapped, no later one changes; what one puts in, no
 * other sees.
 * @param say the text as it is for this visit.
 */
export function createEditor(edits: readonly HtmlEdit[], say: (wording: Wording) => string): Rewriting {
  const ends = new Ends();
  const spent = new Set<HtmlEdit>();
  const texts = new Map<Wording, string>();
  const textOf = (wording: Wording): string => {
    const text = texts.get(wording) ?? toBytewise(say(wording));
    texts.set(wording, text);
    return text;
  };
  const apply = (edit: HtmlEdit, element: Element): void => {
    if (element.removed || ends.isWithinRemoved || (edit.first && spent.has(edit))) return;
    spent.add(edit);
    for (const [name, value] of edit.attributes) setAttribute(element, name, value === false ? false : textOf(value));
    const work = needsEnd(edit) ? ends.workOf(element) : undefined;
    for (const [place, text] of edit.put) {
      const isMisplaced =
        typeof text !== "string" && !edit.raw && inside.has(place) && rawText.has(element.tagName.toLowerCase());
      if (!isMisplaced) putting[place](element, textOf(text), work);
    }
    if (work) work.ending = edit.ending;
    if (edit.ending === "removed") element.remove();
    if (edit.ending === "unwrapped") element.removeAndKeepContent();
  };
  return {
    arrange(rewriter, isOver) {
      if (edits.length === 0) return;
      ends.begin(rewriter);
      for (const edit of edits) {
        rewriter.on(toBytewiseSelector(edit.at), { element: (element) => apply(edit, element) });
      }
      ends.finish(rewriter, isOver);
      ends.watch(
        rewriter,
        edits.filter(needsEnd).map(({ at }) => toBytewiseSelector(at)),
      );
    },
    resume: () => ends.resume(),
  };
}

/** Where text is put → how. Later text is nearer to the element, or to its end. */
const putting: Readonly<
  Record<HtmlEdit["put"][number][0], (element: Element, text: string, work: Work | undefined) => void>
> = {
  before: (element, text) => void element.before(text, asHtml),
  prepend: (element, text) => void element.prepend(text, asHtml),
  content(element, text, work) {
    element.setInnerContent(text, asHtml);
    work!.isEmptied = true;
  },
  append: (_, text, work) => void (work!.append += text),
  after: (_, text, work) => void (work!.after = text + work!.after),
};

function setAttribute(element: Element, name: string, value: string | false): void {
  if (value === false) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function needsEnd({ put, ending }: HtmlEdit): boolean {
  return ending !== "kept" || put.some(([place]) => place !== "before" && place !== "prepend");
}

/** An escape of a character beyond ASCII is written out: escaped, it would be another one, of windows-1252. */
function toBytewiseSelector(selector: string): string {
  const written = selector.replace(/\\([\da-f]{2,6})\s?/gi, (escaped, code: string) => {
    const point = Number.parseInt(code, 16);
    return point < 0x80 || point > 0x10_ffff ? escaped : String.fromCodePoint(point).toWellFormed();
  });
  return toBytewise(written);
}
