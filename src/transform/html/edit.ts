/** Edits the elements of HTML pages that rules name, as the page streams by. */
import type { HtmlEdit, HtmlPlace, HtmlShape } from "../../config/shape.ts";
import type { Shaping } from "../shape.ts";

/** Where text is put → how the platform's parser is told. */
const putting: Readonly<Record<HtmlPlace, (element: Element, text: string) => void>> = {
  before: (element, text) => void element.before(text, asHtml),
  prepend: (element, text) => void element.prepend(text, asHtml),
  content: (element, text) => void element.setInnerContent(text, asHtml),
  append: (element, text) => void element.append(text, asHtml),
  after: (element, text) => void element.after(text, asHtml),
  replace: (element, text) => void element.replace(text, asHtml),
};

const asHtml = { html: true } as const;

/** The page with the edits of the shape; what no edit names keeps every byte. */
export function editHtml(
  body: ReadableStream<Uint8Array>,
  { shape, say }: Shaping<HtmlShape>,
): ReadableStream<Uint8Array> {
  const rewriter = new HTMLRewriter();
  for (const edit of shape.edits) rewriter.on(edit.at, { element: (element) => apply(edit, element, say) });
  return rewriter.transform(new Response(body)).body!;
}

function apply({ remove, put }: HtmlEdit, element: Element, say: Shaping<HtmlShape>["say"]): void {
  if (remove) element.remove();
  for (const [place, text] of put) putting[place](element, say(text));
}
