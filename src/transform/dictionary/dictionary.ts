/** Door to Compression Dictionary Transport (RFC 9842): answers that later versions of them are compressed with. */
import type { Answer } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import { likedCodings, parseAcceptEncoding } from "../../http/accept.ts";
import type { Fields } from "../../http/fields.ts";
import type { Planned } from "../../visit.ts";
import { codings } from "../planner.ts";
import { coding, deltaOf, held, toDelta, type Delta, type Held, type Shared } from "./delta.ts";
import { mayGet } from "./fit.ts";
import { advert, remember } from "./remember.ts";
import { dictionaryKey, find } from "./shelf.ts";

/**
 * An answer that is fit for it as a dictionary, and as a delta, where the client has a dictionary that the edge has, too; else as
 * `otherwise` compresses it. `bodyless`: the body isn't sent, but the fields are those of one that would be.
 */
export async function withDictionary(visit: Planned, answer: Answer, means: Means): Promise<Answer> {
  const { edge, otherwise, bodyless } = means;
  const rule = visit.finishing.dictionary;
  if (!rule || !mayGet(visit)) return otherwise(answer);

  const shared = rule.pattern.test(visit.url.href) ? await sharedWith(visit, edge) : undefined;
  answer.fields.set("use-as-dictionary", advert(rule));
  if (bodyless) return shared ? toDelta(answer, null) : otherwise(answer);
  const whole = await remember(visit, shared ? await held(answer) : answer, { rule, edge });
  const { delta, spent } =
    shared && isHeld(whole) ? await deltaOf(visit, whole, { shared, edge }).catch(() => none) : none;
  return delta ? toDelta(whole, delta) : otherwise(whole, spent);
}

interface Means {
  readonly edge: Edge;
  readonly bodyless: boolean;
  /** `spent`: milliseconds of CPU, of the visit's budget. */
  readonly otherwise: (answer: Answer, spent?: number) => Answer | Promise<Answer>;
}

const none: Delta = { delta: undefined, spent: 0 };

function isHeld(answer: Answer): answer is Held {
  return answer.body instanceof Uint8Array;
}

/** The dictionary that the client has, when the edge has it, too, and the client likes deltas best. */
async function sharedWith(visit: Planned, edge: Edge): Promise<Shared | undefined> {
  const hash = available(visit.fields);
  const accepted = parseAcceptEncoding(visit.fields.get("accept-encoding"));
  if (hash === undefined || !likedCodings(accepted, [coding, ...codings]).includes(coding)) return undefined;
  const kept = await find(edge, dictionaryKey(visit.url.origin, hash), "head");
  if (!kept) visit.trail.note("transform", "dictionary:unknown");
  return kept && { ...kept, hash };
}

/** SHA-256 as a Byte Sequence, which may have parameters that mean nothing here (RFC 9842 §2.2, RFC 9651 §4.2). */
function available(fields: Fields): string | undefined {
  return /^ *:([A-Za-z0-9+/]{43}=): *(?:;.*)?$/.exec(fields.get("available-dictionary") ?? "")?.[1];
}
