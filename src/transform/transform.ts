/** Doors of the transform room: one before the store, one after it. */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Planned } from "../visit.ts";
import { compress, toAcceptable } from "./compress.ts";
import { isNotModified, nameAsAsked, toNotModified } from "./conditional.ts";
import { editAnswer } from "./edit.ts";
import { hideOrigin } from "./hide.ts";
import { mapHtml } from "./html.ts";
import { mapFields } from "./map-fields.ts";
import { createMapping } from "./mapping.ts";
import { cutRange } from "./range.ts";
import { withoutBody } from "./representation.ts";

/**
 * Before the store: what is the same for everyone who visits this scheme and host. Hides the origin, and maps its
 * addresses to the visited ones in header fields and in HTML.
 */
export function prepare(visit: Planned, answer: Answer, _edge: Edge): Answer {
  hideOrigin(answer.fields);
  const mapping = createMapping(visit, answer);
  mapFields(answer.fields, mapping);
  return mapHtml(visit, answer, mapping);
}

/**
 * After the store: for this client. A coding it accepts, 304 and Range, header rules, compression.
 *
 * A 304 must say what the 200 would have said (RFC 9110 §15.4.5), its Vary and entity tag as compression leaves them. So
 * it stays a 200 without a body until the end.
 */
export function finish(visit: Planned, answer: Answer, edge: Edge): Answer {
  if (answer.webSocket) return answer;
  nameAsAsked(visit, answer);
  const acceptable = toAcceptable(visit, answer);
  const notModified = isNotModified(visit, acceptable, edge.now());
  const selected = notModified ? withoutBody(acceptable) : cutRange(visit, acceptable);
  editAnswer(visit, selected);
  const bodyless = notModified || visit.method === "HEAD";
  const compressed = compress(visit, selected, { settings: edge.config.settings.compress, bodyless });
  if (!notModified) return compressed;
  visit.trail.note("transform", "304");
  return toNotModified(compressed);
}
