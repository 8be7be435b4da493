/** Bodies that outlive the origin they come from. */
import type { Answer } from "../../answer.ts";
import { readBytes } from "../../http/byte-reader.ts";
import { parseContentLength } from "../../http/range.ts";
import { passage } from "../../http/stream.ts";
import { Relay, type Source } from "./relay.ts";
import { continuable } from "./rest.ts";
import { isShort } from "./short.ts";

/** Milliseconds in which a byte must come of a body that can be continued, is short, or takes a place, unless the site says. */
const usualIdle = 60_000;

/**
 * The answer, whose body goes on when its origin breaks off or stalls: the rest comes from another one, or from the same.
 * Bodies that can't be continued fail when they stall: short ones, and others where the site says after how long. Most short ones
 * are here by now, and then there is nothing to watch over. All others are left to the platform, which passes them on at a fraction
 * of the cost.
 */
export async function sustain(answer: Answer, source: Source): Promise<Answer> {
  const { visit } = source.sendable;
  const { resume, timeouts } = visit.site.asking;
  const { origin, body, letGo } = answer;
  if (!(body instanceof ReadableStream) || origin === undefined) return answer;
  const length = parseContentLength(answer.fields.get("content-length"));
  const wanted = resume ? continuable(answer, visit.method) : undefined;
  // Whose places are counted gets back those that nobody waits for any more.
  const isWatched = wanted !== undefined || letGo !== undefined || (resume && isShort(length));
  // What must have come by then ends then, whatever it is.
  const idle = timeouts.idle ?? (isWatched ? usualIdle : timeouts.whole);
  if (!Number.isFinite(idle)) return answer;
  const end = wanted ? wanted.last + 1 : length;
  const relay = new Relay({ reader: readBytes(body), from: origin, letGo }, { ...source, wanted, end, idle });
  const { readable, writable } = passage(length);
  source.edge.defer(relay.run(writable.getWriter()));
  return { ...answer, body: readable };
}
