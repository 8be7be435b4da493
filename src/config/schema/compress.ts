/** What settings and rules may say of compression. */
import * as v from "valibot";
import { mediaType, whole } from "../forms.ts";
import { duration, size } from "../quantity.ts";
import { textual } from "../textual.ts";
import { about, distinct, table } from "./parts.ts";

/** Types that get smaller by compression. What is compressed already (images, video, woff2, archives) is left out. */
const compressible = [
  ...textual,
  "application/x-ndjson",
  "application/graphql",
  "application/wasm",
  "application/x-protobuf",
  "application/vnd.ms-fontobject",
  "application/x-font-ttf",
  "font/ttf",
  "font/otf",
  "font/eot",
  "image/x-icon",
  "image/vnd.microsoft.icon",
  "image/bmp",
];

/** Bytes. A form is made in the isolate's memory, and so is the plain body that it is made of. */
const mostLargest = 8 << 20;

/** Milliseconds: as much as the platform allows a visit on its paid plan. */
const mostBudget = 30_000;

function level(least: number, most: number) {
  const expected = `"fast", "best", or a level from ${least} to ${most}`;
  return v.union([v.picklist(["fast", "best"]), whole(least, most)], expected);
}

/** What settings and rules have in common. */
const choices = {
  codings: about(
    v.exactOptional(distinct(v.picklist(["zstd", "br", "gzip"]))),
    "The codings that are made; the first of those that a client likes equally. All unless set, each for what it is best at: zstd while a client waits, for what is stored whatever is smallest.",
  ),
  levels: about(
    v.exactOptional(
      table({
        zstd: about(v.exactOptional(level(1, 19)), "From 1 to 19."),
        br: about(v.exactOptional(level(0, 11)), "From 0 to 11."),
        gzip: about(v.exactOptional(level(1, 9)), "From 1 to 9."),
      }),
    ),
    '"best" is fast while a client waits, and for what is stored the best within the budget; "fast" always fast; a number that level, whoever waits. "best" unless set.',
  ),
};

const store = v.boolean();

/** `settings.compress`. */
export const compressSchema = table({
  enabled: about(v.exactOptional(v.boolean(), true), "Compress for clients that accept it."),
  minimum: about(v.exactOptional(size, "1KB"), "Smaller bodies are left alone."),
  types: about(
    v.exactOptional(v.array(mediaType), compressible),
    'Media types; "text/*" stands for all that begin so, "*+json" for all that end so.',
  ),
  ...choices,
  store: about(
    v.exactOptional(store, true),
    "Keep the coded form of a stored answer beside it, so that hits cost no compression.",
  ),
  budget: about(
    v.exactOptional(
      v.pipe(duration, v.minValue(1, "a duration above zero"), v.maxValue(mostBudget, 'at most "30s"')),
      "5ms",
    ),
    "The CPU that making a form to be stored, or a delta from a dictionary, may take, as far as can be told before. It counts to the visit's: of that the platform's free plan allows 10ms, the paid one 30s.",
  ),
  after: about(
    v.exactOptional(whole(1, 1_000), 1),
    "Hits of an isolate on an answer from which on a form of it is made to be stored.",
  ),
  largest: about(
    v.exactOptional(v.pipe(size, v.maxValue(mostLargest, 'at most "8MB"')), "4MB"),
    "Of larger bodies no form is stored.",
  ),
});

/** A rule's `compress`. */
export const compressRuleSchema = v.union(
  [v.boolean(), table({ ...choices, store: about(v.exactOptional(store), "In place of the setting.") })],
  "true, false, or a table { codings, levels, store }",
);

export type CompressInput = v.InferOutput<typeof compressSchema>;
export type CompressRuleInput = v.InferOutput<typeof compressRuleSchema>;
