/** What a list may be. */
import * as v from "valibot";
import type { ListSource } from "../../lists/lists.ts";
import { bindingName, member } from "../forms.ts";
import { duration } from "../quantity.ts";
import { about, nameOf, table } from "./parts.ts";

/** The names of the bindings that a list may be in; undefined names are not checked. */
export interface Stores {
  readonly namespaces: readonly string[] | undefined;
  readonly buckets: readonly string[] | undefined;
}

/** The least for which KV serves a read from a location's own cache, so that looking more often shows nothing new. */
const leastRefresh = 30_000;

/** Nobody is to wait longer for a page. */
const mostWait = 5_000;

/** Members, or where they are. */
export function listSchema(stores: Stores) {
  return v.union(
    [v.array(member), sourceSchema(stores, "perigee list build")],
    'a list of members, or where they are, such as { kv = "STORE", key = "bad.list" }',
  );
}

/** Where something is that is in a store. @param maker the command that makes its file. */
export function sourceSchema({ namespaces, buckets }: Stores, maker: string) {
  const fields = table({
    kv: about(
      v.exactOptional(v.pipe(bindingName, nameOf("the name of a KV binding", namespaces))),
      "The KV binding it is in.",
    ),
    r2: about(
      v.exactOptional(v.pipe(bindingName, nameOf("the name of an R2 binding", buckets))),
      "The R2 binding it is in, instead.",
    ),
    key: about(
      v.pipe(v.string(), v.nonEmpty("a key"), v.maxLength(512, "a key of at most 512 characters")),
      `Under which key: a file that \`${maker}\` made.`,
    ),
    refresh: about(
      v.exactOptional(v.pipe(duration, v.minValue(leastRefresh, "a duration of at least 30s")), "5m"),
      "How often an isolate looks, while it has visits, whether there is a newer one.",
    ),
    wait: about(
      v.exactOptional(v.pipe(duration, v.maxValue(mostWait, "a duration of at most 5s")), "1s"),
      "How long an isolate's first visits wait for it at most. Then there is nothing in it until it is there.",
    ),
  });
  return v.pipe(
    fields,
    v.check(({ kv, r2 }) => (kv === undefined) !== (r2 === undefined), "a table with either kv or r2"),
    v.transform(({ kv, r2 = "", ...rest }): ListSource => {
      const place =
        kv === undefined ? ({ store: "r2", binding: r2 } as const) : ({ store: "kv", binding: kv } as const);
      return { ...place, ...rest };
    }),
  );
}
