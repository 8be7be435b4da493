/** What may be said of how long origins may take, and what happens when one fails. */
import * as v from "valibot";
import { whole } from "../forms.ts";
import { duration, durationAs, share, size, someShare, written } from "../quantity.ts";
import { brownoutSchema, overloadSchema } from "./overload.ts";
import { about, agreeing, table, type Clash } from "./parts.ts";

const someTime = v.pipe(duration, v.minValue(1, "a duration above zero"));
/** Kept in memory, of which an isolate has 128 MB for all its visits. */
const keptBody = v.pipe(size, v.maxValue(1 << 20, 'at most "1MB"'));

const timeOrP95 = 'a duration such as "300ms", or "p95"';

const hedgeTable = table({
  after: about(
    v.exactOptional(
      v.union([v.literal("p95"), v.pipe(durationAs(timeOrP95), v.minValue(1, "a duration above zero"))], timeOrP95),
      "p95",
    ),
    'How long the first has: a duration, or "p95", in which 95 of 100 of its answers come.',
  ),
  budget: about(v.exactOptional(someShare, "5%"), "The most second requests, as a share of recent visits."),
});

const timeouts = table({
  header: about(v.exactOptional(someTime), "To the header of an answer, each try. The setting `timeout` unless set."),
  idle: about(
    v.exactOptional(someTime),
    "Between bytes of an answer's body. Unless set, 60s for bodies that are short or can be continued from another origin; all others may take as long as they want.",
  ),
  whole: about(
    v.exactOptional(someTime),
    "From the first try to the last byte of the answer. As long as it takes unless set.",
  ),
});

/** What is a part of the whole, and longer. */
function findLonger({ whole: all = Number.POSITIVE_INFINITY, ...rest }: v.InferOutput<typeof timeouts>): Clash[] {
  return Object.entries(rest).flatMap(([field, value]) =>
    value > all ? [{ at: [field], value, message: `at most whole, which is "${written(all)}"` }] : [],
  );
}

/** What a site says of it. */
export type AskingInput = v.InferOutput<v.StrictObjectSchema<typeof askingFields, string>>;

/** Fields of a site. */
export const askingFields = {
  timeouts: about(v.exactOptional(v.pipe(timeouts, agreeing(findLonger)), {}), "How long origins may take."),
  retry: about(
    v.exactOptional(
      table({
        tries: about(
          v.exactOptional(whole(1, 10)),
          "How often origins are asked for one visit at most. The setting `tries` unless set.",
        ),
        budget: about(
          v.exactOptional(share, "10%"),
          'The most tries beyond the first, as a share of recent visits, so that an outage isn\'t multiplied; a few more go to origins that are well. "0%": none.',
        ),
        body: about(
          v.exactOptional(keptBody, "64KB"),
          'Bodies of requests up to this size are kept, to be sent again; at most "1MB". Larger ones stream, and are sent once.',
        ),
        backoff: about(
          v.exactOptional(duration, "25ms"),
          "The longest pause before an origin is asked again; twice as long each time, up to ten times this.",
        ),
        patience: about(
          v.exactOptional(v.union([v.literal("adaptive"), v.literal(false), someTime]), "adaptive"),
          'How long an origin may be silent until a visit that can be repeated is sent to the next one too: a duration; "adaptive", for requests without content four times as long as its answers take lately, at least 250ms; or false, as long as `timeouts.header`.',
        ),
      }),
      {},
    ),
    "When an origin fails, what is tried again.",
  ),
  hedge: about(
    v.exactOptional(
      v.union(
        [
          v.pipe(
            v.boolean(),
            v.transform((isWanted) => (isWanted ? v.parse(hedgeTable, {}) : undefined)),
          ),
          hedgeTable,
        ],
        `true, false or ${hedgeTable.message}`,
      ),
      false,
    ),
    "Ask a second origin for a GET when the first takes long, and take the answer that comes first. true: with the defaults.",
  ),
  overload: about(
    v.exactOptional(overloadSchema, ["refuse"]),
    'What a visit gets for which no origin has a place: ["stale", "refuse"] serves what the cache has, up to cache.maxStale, also where the origin doesn\'t say so, and refuses the rest with 503.',
  ),
  brownout: about(
    v.exactOptional(brownoutSchema),
    "Before that, what is left undone as origins fill up, whose maxConnections is set.",
  ),
  resume: about(
    v.exactOptional(v.boolean(), true),
    "Ask another origin for a short body that breaks off, and for the rest of a long one where a strong ETag and a length allow it. It costs CPU for each byte; false passes bodies on untouched.",
  ),
};
