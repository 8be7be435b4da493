/** What the settings may be. */
import * as v from "valibot";
import { targetedField, token, whole } from "../forms.ts";
import { duration, size } from "../quantity.ts";
import { toCompression } from "../compress.ts";
import { bansSchema } from "./bans.ts";
import { challengeSchema } from "./challenge.ts";
import { compressSchema } from "./compress.ts";
import { ejectSchema } from "./eject.ts";
import { about, table } from "./parts.ts";
import { verifySchema } from "./verify.ts";

/** An isolate has 128 MB for everything. */
const mostMemory = 64 << 20;

export const settingsSchema = table({
  name: about(v.exactOptional(token, "perigee"), "What the edge calls itself in Via, CDN-Loop and Cache-Status."),
  trail: about(v.exactOptional(v.boolean(), false), "Show the client what every room decided, and the origin's name."),
  localVisitors: about(
    v.exactOptional(v.boolean(), false),
    "Believe the headers cf-ipcountry and the like, which on the platform anybody could forge. For local runs only.",
  ),
  log: about(
    v.exactOptional(v.picklist(["all", "errors", "none"]), "all"),
    "Which visits get a line in the access log.",
  ),
  limits: about(
    v.exactOptional(
      table({
        url: about(v.exactOptional(size, "16KB"), "The longest URL; longer ones get 414."),
        fields: about(v.exactOptional(whole(1, 10_000), 80), "The most header fields; more get 431."),
        field: about(v.exactOptional(size, "8KB"), "The most bytes of one header field; more get 431."),
        fieldBytes: about(v.exactOptional(size, "32KB"), "The most bytes of all header fields; more get 431."),
      }),
      {},
    ),
    "How large a request may be: no larger, unless set, than common servers take, so that none reaches the origin to be refused there.",
  ),
  group: about(
    v.exactOptional(whole(16, 128), 64),
    "By how many bits of their IPv6 address clients are counted: those that share them are one.",
  ),
  fieldNames: about(
    v.exactOptional(v.picklist(["plain", "any"]), "plain"),
    'Which header fields of requests pass, by their names: "plain" drops those with anything in them but letters, digits and dashes, such as X_Forwarded_For, which many servers take for others.',
  ),
  methodOverrides: about(
    v.exactOptional(v.boolean(), false),
    "Let a POST name another method in X-HTTP-Method-Override, X-HTTP-Method or X-Method-Override; all else that does gets 400.",
  ),
  bans: about(
    v.exactOptional(bansSchema),
    "Ban clients for a growing time who misbehave repeatedly. Nobody unless set.",
  ),
  verify: about(v.exactOptional(verifySchema, {}), "How bots show that they are who they say."),
  challenge: about(v.exactOptional(challengeSchema, {}), "How visits are challenged, where rules say that they are."),
  timeout: about(
    v.exactOptional(v.pipe(duration, v.minValue(1, "a duration above zero")), "30s"),
    "How long each try waits for an origin's response header.",
  ),
  tries: about(v.exactOptional(whole(1, 10), 3), "How many origins are tried for a request that may be repeated."),
  eject: about(
    v.exactOptional(ejectSchema, {}),
    "When an origin that fails is taken out of use, and how it comes back. false: never.",
  ),
  subrequests: about(
    v.exactOptional(whole(50, 10_000), 50),
    "How many subrequests the platform allows a visit: 50 on its free plan, 10000 on the paid one. What of a long range can't be put together from slices with so many comes from the origin as it is.",
  ),
  memory: about(
    v.exactOptional(v.pipe(size, v.maxValue(mostMemory, 'at most "64MB", half of what an isolate has')), "32MB"),
    'How much of the cache an isolate holds in its own memory; "0B" for nothing.',
  ),
  targets: about(
    v.exactOptional(v.array(targetedField), ["CDN-Cache-Control"]),
    "Response fields that tell this edge how to cache, in place of Cache-Control; the first one that is valid and not empty counts (RFC 9213). Clients get only CDN-Cache-Control.",
  ),
  images: about(
    v.exactOptional(v.boolean(), false),
    "Whether the plan has the platform resize images, as rules with image ask for. Otherwise they come as they are.",
  ),
  compress: about(v.exactOptional(v.pipe(compressSchema, v.transform(toCompression)), {}), "Compression."),
  purge: about(
    v.exactOptional(
      table({
        refresh: about(
          v.exactOptional(v.pipe(duration, v.minValue(1000, "a duration of at least 1s")), "10s"),
          "How often an isolate looks, while it has visits, for what was purged elsewhere.",
        ),
        showTags: about(
          v.exactOptional(v.boolean(), false),
          "Leave the origin's Cache-Tag and Surrogate-Key in what the client gets.",
        ),
      }),
      {},
    ),
    "Purging.",
  ),
});
