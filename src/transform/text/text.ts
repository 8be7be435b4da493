/** Replaces the texts that rules name, in bodies of whatever kind of text. */
import type { TextShape } from "../../config/shape.ts";
import { isOfType } from "../../http/media-type.ts";
import { joined } from "../../http/stream.ts";
import type { Shaping } from "../shape.ts";
import { replaceFound, type Replacement } from "./replace.ts";

/**
 * Whether any of it is for bodies of that media type. Events of a stream have to leave as they come: what could be a part of a match
 * would be held back until the next one.
 */
export function isForText(type: string, { edits }: Pick<TextShape, "edits">): boolean {
  return type !== "text/event-stream" && edits.some(({ types }) => isOfType(types, type));
}

/** The body with the edits of the shape that are for its type; every other byte is as it was, also one that is in no character. */
export function replaceText(
  body: ReadableStream<Uint8Array>,
  { shape: { edits, search, groups }, type, say }: Shaping<TextShape>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const replacements = edits.map(({ by, times }): Replacement => {
    const parts = by.map((part) => (typeof part === "number" ? part : encoder.encode(say(part))));
    const texts = parts.filter((part) => typeof part !== "number");
    if (texts.length === parts.length) return { by: joined(texts), times };
    return {
      times,
      by: (found, bytes) => {
        const captured = groups(found, bytes);
        return parts.map((part) => (typeof part === "number" ? captured[part]! : part));
      },
    };
  });
  return replaceFound(body, search(edits.map(({ types }) => isOfType(types, type))), replacements);
}
