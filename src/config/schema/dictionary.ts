/** What may be said of answers as dictionaries of later ones (RFC 9842). */
import * as v from "valibot";
import type { Dictionary } from "../dictionary.ts";
import { duration } from "../quantity.ts";
import { about, table } from "./parts.ts";

/** Stands for whichever host is visited: a pattern is of paths and queries. */
const anyHost = "https://host.invalid";

const usual = "30d";

/** What a String can hold (RFC 9651 §3.3.3). */
const printable = /^[\x20-\x7e]*$/;

const match = v.pipe(
  v.string(),
  v.regex(/^\/(?!\/)/, 'a pattern that begins with a path, such as "/app.*.js"'),
  v.regex(printable, "a pattern in ASCII, with all else percent-encoded"),
  v.maxLength(1024, "a pattern of at most 1024 characters"),
  v.check((text) => patternOf(text) !== undefined, 'a pattern as URLPattern has them, such as "/app.*.js"'),
  v.check(
    (text) => patternOf(text)?.hasRegExpGroups !== true,
    'a pattern without regular expressions, which browsers refuse: "*" stands for anything, ":name" for a part of a path',
  ),
);

const options = table({
  match: about(match, "The URLs that it is a dictionary for, as a URLPattern without regular expressions."),
  id: about(
    v.exactOptional(
      v.pipe(
        v.string(),
        v.regex(printable, "a text in ASCII"),
        v.minLength(1, "a text that isn't empty"),
        v.maxLength(1024, "a text of at most 1024 characters"),
      ),
    ),
    "What clients send back as Dictionary-ID.",
  ),
  ttl: about(
    v.exactOptional(v.pipe(duration, v.minValue(60_000, "a duration of at least 1m")), usual),
    "For how long the edge keeps it after it was last served.",
  ),
});

/** A pattern, or with what else may be said → {@link Dictionary}. */
export const dictionarySchema = v.pipe(
  v.union([match, options], 'a pattern such as "/app.*.js", or { match, id, ttl }'),
  v.transform((input): Dictionary => {
    const { match, id, ttl } = typeof input === "string" ? v.parse(options, { match: input }) : input;
    return { match, pattern: patternOf(match)!, id, ttl };
  }),
);

/** Of that path and query on whichever host; undefined for what is no pattern. */
function patternOf(match: string): URLPattern | undefined {
  try {
    const { pathname, search } = new URLPattern(match, anyHost);
    return new URLPattern({ pathname, search });
  } catch {
    return undefined;
  }
}
