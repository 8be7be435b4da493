/** What a rule may do with cookies. */
import * as v from "valibot";
import type { CookieChange, CookieEdits } from "../cookies.ts";
import { about, agreeing, chosen, oneOrMore, table, type Clash } from "./parts.ts";

const namePattern = v.pipe(
  v.string(),
  v.regex(/^(?:\*|[A-Za-z0-9!#$%&'+.^_`|~-]+\*?)$/, 'the name of a cookie, or its beginning and "*"'),
);
const names = oneOrMore(namePattern);

const attributeText = (what: string) =>
  v.union([v.literal(false), v.pipe(v.string(), v.regex(/^[^;\s\p{Cc}][^;\p{Cc}]*$/u, what))], `${what}, or false`);

const changeFields = table({
  names: about(v.exactOptional(names), 'Which of them: names, a trailing "*" matches the rest of one. All unless set.'),
  remove: about(v.exactOptional(v.boolean(), false), "Whether they are taken out."),
  secure: about(v.exactOptional(v.boolean()), "Whether they have Secure."),
  httpOnly: about(v.exactOptional(v.boolean()), "Whether they have HttpOnly."),
  sameSite: about(
    v.exactOptional(
      v.union([v.literal(false), v.picklist(["Strict", "Lax", "None"])], '"Strict", "Lax", "None", or false'),
    ),
    "Their SameSite; false: none. None needs Secure, which they then have.",
  ),
  domain: about(v.exactOptional(attributeText('a domain such as "example.com"')), "Their Domain; false: none."),
  path: about(v.exactOptional(attributeText('a path such as "/"')), "Their Path; false: none."),
  prefix: about(
    v.exactOptional(v.picklist(["__Secure-", "__Host-"])),
    "What is put before their names for the client, and taken off for the origin. They then are as it demands.",
  ),
});

type ChangeInput = v.InferOutput<typeof changeFields>;

const change = v.pipe(changeFields, agreeing(findClashes), v.transform(toChange));

export const cookiesSchema = v.pipe(
  table({
    request: about(
      v.exactOptional(
        table({
          keep: about(v.exactOptional(names), "Only these reach the origin."),
          remove: about(v.exactOptional(names), "These don't."),
        }),
      ),
      "The request's cookies on their way to the origin.",
    ),
    response: about(
      v.exactOptional(
        chosen([change, oneOrMore(change)], "a table { names, secure, … }, or a list of them", (value) =>
          Number(Array.isArray(value)),
        ),
      ),
      "The answer's cookies on their way to the client.",
    ),
  }),
  v.check(
    ({ request, response }) => request !== undefined || response !== undefined,
    "a table with request or response",
  ),
  v.transform(({ request, response = [] }): CookieEdits => ({
    ...(request?.keep && { keep: request.keep }),
    remove: request?.remove ?? [],
    set: "attributes" in response ? [response] : response,
  })),
);

/** What a browser would refuse (RFC 6265bis §5.7). */
function findClashes({ names: those, secure, sameSite, domain, path, prefix }: ChangeInput): Clash[] {
  const isHost = prefix === "__Host-";
  const clashes: readonly (readonly [holds: boolean, field: string, value: unknown, message: string])[] = [
    [sameSite === "None" && secure === false, "secure", secure, 'possible with sameSite = "None", which needs Secure'],
    [
      prefix !== undefined && secure === false,
      "secure",
      secure,
      `possible with the prefix ${prefix}, which needs Secure`,
    ],
    [
      isHost && typeof domain === "string",
      "domain",
      domain,
      "possible with the prefix __Host-, which allows no Domain",
    ],
    [
      isHost && path !== undefined && path !== "/",
      "path",
      path,
      'possible with the prefix __Host-, which needs path = "/"',
    ],
    [
      prefix !== undefined && !those,
      "prefix",
      prefix,
      "possible without names: of what the origin gets, it must be known which cookies had one put before them",
    ],
    [
      prefix !== undefined &&
        those !== undefined &&
        those.some((name) => name === "*" || /^__(?:secure|host)-/i.test(name)),
      "names",
      those,
      'a list of names that a prefix can be put before: neither "*", nor one that has a prefix',
    ],
  ];
  return clashes.flatMap(([holds, field, value, message]) => (holds ? [{ at: [field] as const, value, message }] : []));
}

/** As browsers demand it of a prefix, or of SameSite. */
const demands: Readonly<Record<string, Partial<ChangeInput>>> = {
  "__Host-": { secure: true, domain: false, path: "/" },
  "__Secure-": { secure: true },
  None: { secure: true },
};

function toChange(input: ChangeInput): CookieChange {
  const { names: those, remove, prefix, ...rest } = input;
  const { secure, httpOnly, sameSite, domain, path } = {
    ...rest,
    ...demands[rest.sameSite || ""],
    ...demands[prefix ?? ""],
  };
  const written = { Domain: domain, Path: path, Secure: secure, HttpOnly: httpOnly, SameSite: sameSite };
  const attributes = Object.entries(written).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value === true ? "" : value || undefined] as const],
  );
  return { names: those, remove, attributes, prefix };
}
