/** Requests for a range when the whole isn't stored, and any request when only parts of the whole are. */
import { discard, type Answer } from "../../answer.ts";
import type { Planned } from "../../visit.ts";
import type { Missing } from "../ask.ts";
import { askForRange, type Asking } from "./ask-range.ts";
import { failureOf, forward } from "../forward.ts";
import { fromSlices, type Slicing } from "./from-slices.ts";
import type { Found } from "../lookup.ts";
import { fromPart } from "./part.ts";
import { confirm } from "../refresh.ts";
import { bridgesError, type Use } from "../reuse.ts";
import { askWhether, confirms } from "../validate.ts";

/** Parts of the wanted representation, and what they are good for now. */
export interface Partial {
  readonly found: Found;
  readonly use: Use;
}

/** A look-up that found no whole answer. */
export interface PartialMiss extends Missing {
  readonly partial?: Partial | undefined;
}

/** Whether parts come into it: some are stored, or a part is asked for. */
export function concernsParts({ method, fields }: Planned, { found, partial }: PartialMiss): boolean {
  return partial !== undefined || (found === undefined && method === "GET" && fields.has("range"));
}

/** The answer out of parts, stored and fetched; undefined when the whole must be asked for after all. */
export async function servePartial(visit: Planned, missing: PartialMiss, asking: Asking): Promise<Answer | undefined> {
  const { partial } = missing;
  if (visit.method !== "GET") {
    discard(partial?.found.body);
    return undefined;
  }
  const answer = partial && (await fromStored(visit, partial, asking));
  if (answer || asking.request.has("only-if-cached") || !visit.fields.has("range")) return answer;
  return askForRange(visit, missing, asking);
}

/** The answer with the help of what is stored: as it is while it is fresh, confirmed by the origin when it is stale. */
async function fromStored(
  visit: Planned,
  { found, use }: Partial,
  { request, means }: Asking,
): Promise<Answer | undefined> {
  const { edge } = means;
  const { partial } = found.stored;
  const isUsable = use.kind === "serve" && use.as !== "stale-while-revalidate";
  if (partial?.kind === "part") {
    if (isUsable) return fromPart(visit, { ...found, part: partial }, { hit: true, now: edge.now() });
    discard(found.body);
    return undefined;
  }
  const onlyCached = request.has("only-if-cached");
  if (isUsable) return fromSlices(visit, found, { means, onlyCached, status: { now: edge.now() } });
  const fwd = use.kind === "ask" ? use.because : "stale";
  return onlyCached ? undefined : confirmSlices(visit, found, { means, status: { fwd, now: edge.now() } });
}

/** A stale entry, confirmed by asking for one of its slices on condition that it changed (RFC 9111 §4.3.1). */
async function confirmSlices(visit: Planned, found: Found, slicing: Slicing): Promise<Answer | undefined> {
  const { means, status } = slicing;
  const { edge } = means;
  const edits = askWhether(found.stored);
  const forwarded = await forward(means, { ...edits, set: [...edits.set, ["range", () => "bytes=0-0"]] }).catch(
    (error: unknown) => ({ error }),
  );
  const failure = "error" in forwarded ? forwarded.error : failureOf(forwarded.answer);
  if (failure && bridgesError(found.stored, edge.now())) {
    return fromSlices(visit, found, { ...slicing, status: { ...status, detail: "stale-if-error" } });
  }
  if ("error" in forwarded) throw forwarded.error;
  discard(forwarded.answer.body);
  const { status: answered, fields } = forwarded.answer;
  if (answered !== 304 || !confirms(fields, found.stored.fields)) return undefined;
  const { confirmed } = confirm(visit, found, { edge, forwarded });
  return fromSlices(visit, confirmed, { ...slicing, status: { ...status, fwdStatus: 304 } });
}
