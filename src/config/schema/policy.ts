/** What a site or a rule may say of caching. */
import * as v from "valibot";
import { regions } from "../../geo/regions.ts";
import { cookieName, fieldName } from "../forms.ts";
import { duration, size } from "../quantity.ts";
import { about, table } from "./parts.ts";

export type PolicyInput = v.InferOutput<typeof policySchema>;
export type KeyInput = v.InferOutput<typeof keySchema>;

const keySchema = table({
  query: about(
    v.exactOptional(
      v.union(
        [
          v.picklist(["all", "none"]),
          v.pipe(
            table({ only: v.exactOptional(v.array(v.string())), except: v.exactOptional(v.array(v.string())) }),
            v.check(
              ({ only, except }) => (only === undefined) !== (except === undefined),
              "a table with either only or except",
            ),
          ),
        ],
        '"all", "none", { only = […] } or { except = […] }',
      ),
      "all",
    ),
    'Which parameters of the query tell two requests apart: "all", "none", { only = […] } or { except = […] }. A trailing "*" matches the rest of a name; "tracking" in except stands for the usual tracking parameters. What makes no difference isn\'t sent to the origin.',
  ),
  sort: about(
    v.exactOptional(v.boolean(), false),
    "Whether the order of parameters makes no difference. The origin gets them in the order of their names.",
  ),
  headers: about(v.exactOptional(v.array(fieldName), []), "Request fields whose values tell two requests apart."),
  cookies: about(v.exactOptional(v.array(cookieName), []), "Cookies whose values tell two requests apart."),
  country: about(v.exactOptional(v.boolean(), false), "Whether the client's country tells two requests apart."),
  device: about(
    v.exactOptional(v.boolean(), false),
    "Whether the kind of the client's device tells two requests apart: phone, tablet, tv or desktop.",
  ),
});

const ttlByStatus = v.record(
  v.pipe(
    v.string(),
    v.regex(
      /^(?!206|304|416)(?:[2-5]\d\d|[2-5]xx|default)$/,
      'a status such as "404", a class such as "5xx", or "default"; a part counts as its 200, and a 304 as what it confirms',
    ),
  ),
  duration,
);

const eagerness = "true, false, or a number from 0 to 10";

export const policySchema = v.union(
  [
    v.literal(false),
    table({
      ttl: about(
        v.exactOptional(v.union([duration, ttlByStatus], duration.pipe[0].message)),
        'How long an answer is fresh, in place of what the origin says: for all statuses below 500, or by status, { "200" = "1h", "404" = "1m", "5xx" = "5s", default = "5m" }. A 5xx has one only where it is named. Without it the origin decides.',
      ),
      stale: about(v.exactOptional(duration), "Sets both staleWhileRevalidate and staleIfError."),
      staleWhileRevalidate: about(
        v.exactOptional(duration),
        'How long after that an answer is still served while a new one is fetched, when the origin doesn\'t say (RFC 5861 §3). "0s" unless set.',
      ),
      staleIfError: about(
        v.exactOptional(duration),
        'How long after that an answer is still served when the origin fails, when the origin doesn\'t say (RFC 5861 §4). "0s" unless set.',
      ),
      maxStale: about(
        v.exactOptional(duration),
        'The longest stale-while-revalidate and stale-if-error that the origin may name; longer ones count as this. "1w" unless set.',
      ),
      early: about(
        v.exactOptional(
          v.union([v.boolean(), v.pipe(v.number(), v.minValue(0, eagerness), v.maxValue(10, eagerness))], eagerness),
        ),
        "Refresh what is asked for often shortly before it expires, by chance: the likelier, the nearer that is and the longer the origin takes. A number above 1 does it earlier, one below 1 later. true unless set.",
      ),
      bypass: about(v.exactOptional(v.boolean()), "Keep the cache out of it. false unless set."),
      maxSize: about(v.exactOptional(size), 'Larger answers are passed on without being stored. "256MB" unless set.'),
      slice: about(
        v.exactOptional(
          v.union(
            [v.literal(false), v.pipe(size, v.minValue(1024, "a size of at least 1KB"))],
            'false or a size such as "1MB"',
          ),
        ),
        'What is asked for in ranges is fetched and stored in slices of this size, when the origin takes part. false: as the client asks. "1MB" unless set.',
      ),
      shield: about(
        v.exactOptional(
          v.union(
            [v.boolean(), v.picklist(regions)],
            `true, false or one of ${regions.map((each) => `"${each}"`).join(", ")}`,
          ),
        ),
        "What misses at a location is asked of a shield, a cache in that region which all locations share, and only what misses there of the origin. true: in the region of the first origin whose place is known. false unless set.",
      ),
      storeSetCookie: about(
        v.exactOptional(v.boolean()),
        "Keep answers that set cookies like any other, and hand the same cookies to everybody. false unless set.",
      ),
      key: about(
        v.exactOptional(keySchema),
        "What besides host and path tells two requests apart. A rule's key replaces the site's whole.",
      ),
    }),
  ],
  "false or a table { ttl, stale, maxStale, … }",
);
