/** Requests for a range when the whole isn't stored, and any request when only parts of the whole are. */
import { discard, type Answer } from "../../answer.ts";
import type { Planned } from "../../visit.ts";
import type { Directives } from "../../http/directives.ts";
import { standInAs, type Missing } from "../ask.ts";
import { failureOf, forward, type Means } from "../forward.ts";
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

/** The request's directives, and what asking takes. */
interface Asking {
  readonly request: Directives;
  readonly means: Means;
  /** Why it was to be asked for, where the visit has waited for another that did. */
  readonly waited?: Missing["fwd"];
}

/** Whether the origin is to be asked for a part: nothing whole is stored that it could confirm. */
export function wantsPart({ method, fields }: Planned, { found }: Missing): boolean {
  return found === undefined && method === "GET" && fields.has("range");
}

/** The answer out of the parts that are stored; undefined when there are none, or they don't do. */
export async function servePartial(visit: Planned, missing: PartialMiss, asking: Asking): Promise<Answer | undefined> {
  const { partial } = missing;
  if (visit.method !== "GET") {
    discard(partial?.found.body);
    return undefined;
  }
  return partial && fromStored(visit, partial, asking);
}

/** The answer with the help of what is stored: as it is while it is fresh, confirmed by the origin when it is stale. */
async function fromStored(
  visit: Planned,
  { found, use }: Partial,
  { request, means, waited }: Asking,
): Promise<Answer | undefined> {
  const { edge } = means;
  const { partial } = found.stored;
  const shared = waited && ({ fwd: waited, collapsed: true } as const);
  const isUsable = use.kind === "serve" && use.as !== "stale-while-revalidate";
  if (partial?.kind === "part") {
    if (isUsable)
      return fromPart(visit, { ...found, part: partial }, { ...(shared ?? { hit: true }), now: edge.now() });
    discard(found.body);
    return undefined;
  }
  const onlyCached = request.has("only-if-cached");
  if (isUsable) return fromSlices(visit, found, { means, onlyCached, status: { ...shared, now: edge.now() } });
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
    const detail = standInAs(found, failure, edge.now());
    visit.trail.note("cache", detail);
    return fromSlices(visit, found, { ...slicing, status: { ...status, detail } });
  }
  if ("error" in forwarded) throw forwarded.error;
  discard(forwarded.answer.body);
  const { status: answered, fields } = forwarded.answer;
  if (answered !== 304 || !confirms(fields, found.stored.fields)) return undefined;
  const { confirmed } = confirm(visit, found, { edge, forwarded });
  return fromSlices(visit, confirmed, { ...slicing, status: { ...status, fwdStatus: 304 } });
}
