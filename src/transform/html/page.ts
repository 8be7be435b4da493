/** All that is done to an HTML page on one side of the store, in one go through the platform's parser. */
import type { HtmlShape } from "../../config/shape.ts";
import type { Mapping } from "../mapping.ts";
import type { Shaping } from "../shape.ts";
import { createEditor } from "./edit.ts";
import { arrangeLinks } from "./links.ts";
import { createMarker } from "./nonce.ts";
import { rewrite } from "./rewrite.ts";

/** What rules do to a page, and what the edge does by itself. */
export interface PageShape extends HtmlShape {
  /** The origins' addresses in it become the visited ones. */
  readonly links?: Mapping;
}

/** The page with its links mapped, then edited, then marked with the visit's nonce; what nobody changes keeps every byte. */
export function rewritePage(
  body: ReadableStream<Uint8Array>,
  { shape, say, visit, fields }: Shaping<PageShape>,
): ReadableStream<Uint8Array> {
  const editor = createEditor(shape.edits, say);
  const mark = shape.nonce && visit.nonce !== undefined ? createMarker(fields, visit.nonce) : undefined;
  const shrinking = { bytes: 0 };
  return rewrite(body, {
    arrange(rewriter, isOver) {
      if (shape.links) {
        arrangeLinks(rewriter, { mapping: shape.links, scripts: shape.scripts ?? [] }, shrinking);
      }
      editor.arrange(rewriter, isOver);
      mark?.(rewriter);
    },
    resume: editor.resume,
    ...(shape.edits.length === 0 && { shrinking }),
  });
}

/** The one, and then the other. */
export function joinPages(one: PageShape, other: PageShape): PageShape {
  return {
    ...one,
    ...other,
    edits: [...one.edits, ...other.edits],
    scripts: [...(one.scripts ?? []), ...(other.scripts ?? [])],
  };
}
