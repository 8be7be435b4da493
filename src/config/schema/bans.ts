/** What may be said of bans. */
import * as v from "valibot";
import { FixedList } from "../../lists/lists.ts";
import { member, whole } from "../forms.ts";
import { toQuota } from "../limit.ts";
import { duration, rate } from "../quantity.ts";
import type { BanSettings } from "../rates.ts";
import { about, oneOrMore, table } from "./parts.ts";

const time = v.pipe(duration, v.minValue(1000, "a duration of at least 1s"));

export const bansSchema = v.pipe(
  table({
    after: about(v.exactOptional(rate, "20/1m"), "More than so many misdeeds in such a time make a ban."),
    of: about(
      v.exactOptional(
        oneOrMore(v.union([v.literal("refused"), whole(400, 599)], '"refused" or a status from 400 to 599')),
        ["refused", 404],
      ),
      'What is a misdeed: "refused", for what scrubbing refuses, and statuses of answers.',
    ),
    first: about(v.exactOptional(time, "10m"), "How long the first ban lasts; each further one twice as long."),
    most: about(v.exactOptional(time, "1d"), "The longest ban. After a pause as long the next is a first one again."),
    except: about(
      v.exactOptional(v.array(member), []),
      'Addresses and prefixes of clients that are never banned, such as "192.0.2.0/24". Verified bots never are.',
    ),
  }),
  v.transform(({ after, of, first, most, except }): BanSettings => {
    const excepted = FixedList.of(except);
    return {
      policy: { quota: toQuota(after), first, most },
      of: new Set(of),
      isExcepted: (ip) => excepted.hasText(ip),
    };
  }),
);
