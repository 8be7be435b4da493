/** What may be said of an experiment's goals, and of its guard. */
import * as v from "valibot";
import { normalPath } from "../../http/path.ts";
import { originName, whole } from "../forms.ts";
import { share } from "../quantity.ts";
import { about, oneOrMore, table } from "./parts.ts";

export type GoalInput = v.InferOutput<typeof goalSchema>;

const path = v.pipe(
  v.string(),
  v.regex(/^\/[^*?#]*\*?$/, 'a path such as "/thanks", or the beginning of one and "*"'),
  v.transform((text) => normalPath(new URL(text, "https://www.example.com").pathname)),
);

export const goalSchema = v.pipe(
  table({
    name: about(originName, "What the report calls it."),
    path: about(v.exactOptional(path), 'It is reached by a visit to this path: "/thanks", or "/thanks/*".'),
    status: about(
      v.exactOptional(v.union([whole(100, 599), oneOrMore(whole(100, 599))], "a status, or a list of them")),
      "It is reached by a visit that is answered so, such as 201. Any status below 400 unless set.",
    ),
    event: about(
      v.exactOptional(originName),
      'It is reached when a page tells of it: navigator.sendBeacon("/.perigee/event", "EVENT").',
    ),
  }),
  v.check(
    ({ path: visited, status, event }) => (event === undefined) === (visited !== undefined || status !== undefined),
    "a table with path or status, or with event",
  ),
);

/** As far as a rate can be above another. */
const above = v.pipe(
  share,
  v.check((part) => part < 1, 'a share below "100%"'),
);

export const guardSchema = v.pipe(
  table({
    errors: about(
      v.exactOptional(above),
      'How far its share of failures may be above the control\'s, in parts of all visits: "2%".',
    ),
    latency: about(
      v.exactOptional(
        v.pipe(
          v.string(),
          v.regex(/^\d{1,4}(?:\.\d+)?%$/, 'a part of it such as "20%"'),
          v.transform((text) => Number(text.slice(0, -1)) / 100),
          v.check((part) => part > 0, 'more than "0%"'),
        ),
      ),
      'How far the time to its answers may be above the control\'s, in parts of that: "20%".',
    ),
    least: about(
      v.exactOptional(whole(50, 1_000_000), 200),
      "As many answers are seen on each side before anything is rolled back.",
    ),
  }),
  v.check(({ errors, latency }) => errors !== undefined || latency !== undefined, "a table with errors or latency"),
);
