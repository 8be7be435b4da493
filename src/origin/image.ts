/** Images through the platform's resizing, and as they are where that fails. */
import { discard, type Answer } from "../answer.ts";
import type { HeaderEdits } from "../config/model.ts";
import { tokenOf } from "../trail.ts";
import type { Planned } from "../visit.ts";

/** By which the platform tells what it did with an image: "internal=ok/m …", or "err=9422". */
const told = "cf-resized";

/**
 * What `fetch` gets, resized when the visit asks for that. Parts are cut from the whole, which has other bytes than the origin's, and a
 * HEAD is told what a GET would get.
 */
export async function fetchResized(visit: Planned, edits: HeaderEdits, fetch: Fetch): Promise<Answer> {
  if (!visit.image) return fetch(visit, edits);
  const whole = withoutRange(edits);
  const resized = await fetch({ ...visit, method: "GET" }, whole);
  const failure = failureOf(resized);
  visit.trail.note(
    "origin",
    failure === undefined ? `image:${visit.image.options.format ?? "as-it-is"}` : `image-failed:${failure}`,
  );
  if (failure === undefined) return visit.method === "HEAD" ? headOf(resized) : resized;
  discard(resized.body);
  const { image: _, ...plain } = visit;
  return fetch(plain, whole);
}

type Fetch = (visit: Planned, edits: HeaderEdits) => Promise<Answer>;

function withoutRange(edits: HeaderEdits): HeaderEdits {
  const names = ["range", "if-range"];
  return { ...edits, set: edits.set.filter(([name]) => !names.includes(name)), remove: [...edits.remove, ...names] };
}

/** The origin's own word that there is none stands: it would say so again. */
const absent: ReadonlySet<number> = new Set([404, 410]);

/** Undefined when the answer will do: also as the origin's own, where the platform has left it alone. */
function failureOf({ status, fields }: Answer): string | undefined {
  const said = fields.get(told);
  const error = said === undefined ? undefined : /\berr=(\w+)/.exec(said)?.[1];
  if (error !== undefined) return tokenOf(error);
  return status >= 400 && said === undefined && !absent.has(status) ? String(status) : undefined;
}

function headOf(answer: Answer): Answer {
  discard(answer.body);
  return { ...answer, body: null };
}
