/** Which pages of other origins a rule lets read answers. */
import * as v from "valibot";
import type { Below, Cors } from "../cors.ts";
import { methodName } from "../forms.ts";
import { duration } from "../quantity.ts";
import { about, agreeing, chosen, oneOrMore, table, type Clash } from "./parts.ts";

const originForm =
  'an origin such as "https://app.example.com" or "https://*.example.com", in lower case, without a path';

/** Without a port that the scheme implies, as browsers send it. */
const pageOrigin = v.pipe(
  v.string(),
  v.check((text) => {
    const plain = text.replace("://*.", "://any.");
    const url = URL.parse(plain);
    return url !== null && !plain.includes("*") && /^https?:$/.test(url.protocol) && url.origin === plain;
  }, originForm),
);

const headerName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9!#$%&'+.^_`|~-]+$/, "the name of a header field"));

const either = <const S extends v.GenericSchema>(item: S, what: string) =>
  chosen([v.literal("*", what), v.array(item)], what, (value) => Number(Array.isArray(value)));

const fields = table({
  origins: about(
    v.pipe(
      either(pageOrigin, '"*", or a list of origins'),
      v.check((origins) => origins.length > 0, "a list with at least one member"),
    ),
    'Whose pages: "*" for all, or a list of origins, "https://*.example.com" for every host below.',
  ),
  credentials: about(
    v.exactOptional(v.boolean(), false),
    "Whether they may ask with cookies and passwords, and read the answers.",
  ),
  methods: about(v.exactOptional(oneOrMore(methodName), ["GET", "HEAD", "POST"]), "With which methods they may ask."),
  headers: about(
    v.exactOptional(either(headerName, '"*", or a list of header fields'), []),
    'Which header fields they may send besides the usual ones; "*" for whichever they ask for.',
  ),
  expose: about(
    v.exactOptional(either(headerName, '"*", or a list of header fields'), []),
    "Which fields of answers they may read besides the usual ones.",
  ),
  maxAge: about(
    v.exactOptional(duration),
    "How long a browser need not ask again whether it may. As it likes unless set.",
  ),
  privateNetwork: about(
    v.exactOptional(v.boolean(), false),
    "Whether pages of the public network may ask this site in a private one.",
  ),
});

type Input = v.InferOutput<typeof fields>;

export const corsSchema = v.pipe(fields, agreeing(findClashes), v.transform(toCors));

/** What browsers refuse, or take for something else (Fetch §3.3.5). */
function findClashes({ origins, credentials, expose }: Input): Clash[] {
  if (!credentials) return [];
  const clashes: Clash[] = [];
  if (origins === "*")
    clashes.push({
      at: ["origins"],
      value: origins,
      message: "possible with credentials: name the origins that may have them",
    });
  if (expose === "*")
    clashes.push({
      at: ["expose"],
      value: expose,
      message: 'possible with credentials, where "*" is the name of a field: name the fields',
    });
  return clashes;
}

function toCors({ origins, headers, expose, maxAge, ...rest }: Input): Cors {
  const below = (text: string): Below[] => {
    const [, scheme, suffix, port = ""] = /^(https?:\/\/)\*(\.[^:]+)(:\d+)?$/.exec(text) ?? [];
    return scheme === undefined ? [] : [{ scheme, suffix: suffix!, port }];
  };
  return {
    ...rest,
    origins: origins === "*" ? origins : { exact: new Set(origins), below: origins.flatMap(below) },
    headers: headers === "*" ? headers : headers.map((name) => name.toLowerCase()),
    expose: expose === "*" ? [expose] : expose,
    maxAge: maxAge === undefined ? undefined : Math.floor(maxAge / 1000),
  };
}
