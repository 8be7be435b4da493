/** Doors of the transform room: one before the store, one after it. */
import { discard, type Answer } from "../answer.ts";
import type { HeaderEdits } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import type { Planned } from "../visit.ts";
import { compress, isUndoable, toAcceptable, weigh } from "./compress.ts";
import { isNotModified, nameAsAsked, toNotModified } from "./conditional.ts";
import { withDictionary } from "./dictionary/dictionary.ts";
import { asOriginTags, tagEdition } from "./edition.ts";
import { editAnswer } from "./edit.ts";
import { hideOrigin } from "./hide.ts";
import type { Include } from "./esi/fragment.ts";
import { hint } from "./html/hints.ts";
import { allowNonce } from "./html/nonce.ts";
import { mapFields } from "./map-fields.ts";
import { createMapping } from "./mapping.ts";
import { offer } from "./offer.ts";
import { cutRange } from "./range.ts";
import { wholeOf, withoutBody } from "./representation.ts";
import { replaceStatus } from "./status.ts";
import { isPartOfShaped, shape } from "./shape.ts";
import { partly, robotsOf, writeRobots } from "./robots.ts";

export { fragmentOf, type Fragment } from "./esi/fragment.ts";

/**
 * Before the store: what is the same for everyone who visits this scheme and host. Hides the origin, and maps its
 * addresses to the visited ones in header fields and in HTML, and shapes bodies by the texts that are the same for all.
 */
export async function prepare(visit: Planned, answer: Answer, edge: Edge): Promise<Answer> {
  hideOrigin(answer.fields);
  const mapping = createMapping(visit, answer, edge.fleet);
  mapFields(answer.fields, mapping);
  tagEdition(visit, answer.fields);
  const policy = robotsOf(visit);
  if (policy) return writeRobots(visit, answer, { policy, mapping });
  return shape(visit, answer, { side: "before", links: mapping });
}

/**
 * What `fetch` gets from an origin, in a form that {@link prepare} and {@link finish} can work on: a part of a page can't be
 * mapped and would give the origin away, so that the whole is asked for instead; and so it is of what rules shape, and of a
 * robots.txt that the edge has a part in.
 * @param ownEdits of the request's fields, handed to `fetch` with entity tags as the origin wrote them.
 */
export async function fetchWhole(asked: Planned, ownEdits: HeaderEdits, fetch: Fetch): Promise<Answer> {
  const { visit, edits } = asOriginTags({ visit: asked, edits: ownEdits });
  if (robotsOf(visit)) return fetch({ ...visit, method: "GET" }, without(edits, partly));
  const answer = await fetch(visit, edits);
  if (!isPartOfShaped(visit, answer)) return answer;
  visit.trail.note("transform", "whole");
  discard(answer.body);
  return fetch(visit, without(edits, ["range", "if-range"]));
}

/** For that visit, with these edits. */
type Fetch = (visit: Planned, edits: HeaderEdits) => Promise<Answer>;

function without(edits: HeaderEdits, names: readonly string[]): HeaderEdits {
  return {
    ...edits,
    set: edits.set.filter(([name]) => !names.includes(name)),
    remove: [...edits.remove, ...names],
  };
}

/**
 * After the store: for this client. The status that rules say, bodies shaped by texts that are made for it, a coding it accepts, 304 and Range, header rules,
 * compression.
 *
 * A 304 must say what the 200 would have said (RFC 9110 §15.4.5), its Vary and entity tag as compression leaves them. So
 * it stays a 200 without a body until the end.
 * @param include makes the journeys of the page's fragments.
 */
export async function finish(planned: Planned, came: Answer, edge: Edge, include?: Include): Promise<Answer> {
  if (came.webSocket) return came;
  const visit = planned.shapes.some((each) => each.kind === "html" && each.nonce)
    ? { ...planned, nonce: edge.token() }
    : planned;
  const answer = replaceStatus(visit, came);
  const { compress: settings } = edge.config.settings;
  nameAsAsked(visit, answer);
  const shaped = await shape(visit, hint(visit, answer, edge), { side: "after", include });
  const weighed = await weigh(shaped, settings);
  const notModified = isNotModified(visit, weighed, edge);
  const isCoded = isUndoable(weighed);
  const acceptable = await toAcceptable(visit, notModified ? withoutBody(weighed) : weighed);
  const whole = wholeOf(acceptable);
  const selected = notModified ? acceptable : cutRange(visit, acceptable);
  editAnswer(visit, selected);
  if (selected.nonce !== undefined) allowNonce(selected.fields, selected.nonce);
  const offered = offer(visit, selected, { whole, isCoded, settings });
  const isCut = selected.status !== whole.status;
  const sending = notModified ? "304" : visit.method === "HEAD" ? "head" : "whole";
  const otherwise = async (plain: Answer, spent?: number): Promise<Answer> =>
    offered.isCompressible && !isCut ? compress(visit, plain, { edge, sending, spent }) : plain;
  const compressed =
    offered.isFit && !isCut
      ? await withDictionary(visit, selected, { edge, bodyless: sending !== "whole", otherwise })
      : await otherwise(selected);
  if (!notModified) return compressed;
  visit.trail.note("transform", "304");
  return toNotModified(compressed);
}

/**
 * At a shield, for a location: conditions and ranges alone. What depends on the client is done where the client is. A 304 has
 * all fields, because it is for a cache to bring what it stored up to date (RFC 9110 §15.4.5).
 */
export function select(visit: Planned, answer: Answer, edge: Edge): Answer {
  nameAsAsked(visit, answer);
  return isNotModified(visit, answer, edge) ? { ...withoutBody(answer), status: 304 } : cutRange(visit, answer);
}
