/** What may be said of who is let in. */
import * as v from "valibot";
import { bindingName, cookieName, host } from "../forms.ts";
import { duration } from "../quantity.ts";
import { about, nameOf, oneOrMore, table, type Known } from "./parts.ts";

/** By public keys (RFC 7518 §3.1, RFC 8037 §3.1), and by a secret. */
const [published, shared] = [
  ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"],
  ["HS256", "HS384", "HS512"],
] as const;

const keysUrl = v.pipe(
  v.string(),
  v.check(
    (text) => URL.parse(text)?.protocol === "https:" && !text.includes("@"),
    'a URL such as "https://login.example.com/jwks.json"',
  ),
);

const text = v.pipe(v.string(), v.minLength(1, "a text that isn't empty"));

/** One, or several. */
function some<const S extends v.GenericSchema>(item: S) {
  return v.pipe(
    v.union([item, oneOrMore(item)], "a text, or a list of texts"),
    v.transform((said) => (Array.isArray(said) ? said : [said]) as readonly v.InferOutput<S>[]),
  );
}

export function accessSchema(known: Known) {
  const secret = v.pipe(bindingName, nameOf("the name of a secret that is set", known.secrets));
  const kinds = {
    basic: about(
      v.exactOptional(
        v.pipe(
          v.union(
            [
              secret,
              table({
                users: secret,
                realm: v.exactOptional(
                  v.pipe(text, v.regex(/^[^"\\\p{Cc}]*$/u, "a text without quotes")),
                  "restricted",
                ),
              }),
            ],
            "the name of a secret, or { users, realm }",
          ),
          v.transform((said) => (typeof said === "string" ? { users: said, realm: "restricted" } : said)),
        ),
      ),
      "A name and a password, of those in this secret (npm run perigee -- access password).",
    ),
    jwt: about(v.exactOptional(jwtSchema(secret)), "A signed token: `Authorization: Bearer`, or a cookie."),
    signed: about(
      v.exactOptional(
        v.pipe(
          v.union(
            [secret, table({ key: secret, parameter: v.exactOptional(cookieName, "signature") })],
            "the name of a secret, or { key, parameter }",
          ),
          v.transform((said) => (typeof said === "string" ? { key: said, parameter: "signature" } : said)),
        ),
      ),
      "A URL that was signed with this secret (npm run perigee -- access sign).",
    ),
    hotlink: about(
      v.exactOptional(
        v.pipe(
          v.union(
            [
              v.literal(true),
              v.array(host),
              table({ from: v.exactOptional(v.array(host), []), unknown: v.exactOptional(v.boolean(), true) }),
            ],
            "true, a list of hosts, or { from, unknown }",
          ),
          v.transform((said) =>
            said === true ? { from: [], unknown: true } : Array.isArray(said) ? { from: said, unknown: true } : said,
          ),
        ),
      ),
      "Only pages of the visited host, and of these, may embed it or link to it.",
    ),
    certificate: about(
      v.exactOptional(
        v.pipe(
          v.union(
            [
              v.literal(true),
              table({
                fingerprints: oneOrMore(
                  v.pipe(
                    v.string(),
                    v.transform((said) => said.replaceAll(":", "").toLowerCase()),
                    v.regex(/^[\da-f]{64}$/, "a SHA-256 fingerprint in hexadecimal"),
                  ),
                ),
              }),
            ],
            "true, or { fingerprints }",
          ),
          v.transform((said) => (said === true ? { fingerprints: [] } : said)),
        ),
      ),
      "A client certificate that the platform verified.",
    ),
  };
  return v.pipe(
    table(kinds),
    v.check(
      ({ basic, jwt }) => !basic || !jwt || jwt.cookie !== undefined,
      "a table with either basic or jwt: both would be in Authorization",
    ),
    v.check((one) => Object.keys(one).length > 0, `a table with ${Object.keys(kinds).join(", ")}, or several of them`),
  );
}

function jwtSchema(secret: v.GenericSchema<string>) {
  return v.pipe(
    table({
      keys: about(v.exactOptional(keysUrl), "Where the issuer publishes its keys (JWKS)."),
      secret: about(v.exactOptional(secret), "The secret that both share, in place of `keys`."),
      algorithms: about(
        v.exactOptional(oneOrMore(v.picklist([...published, ...shared]))),
        'The only ones that are accepted. ["RS256", "ES256", "EdDSA"] for `keys`, ["HS256"] for `secret` unless set.',
      ),
      issuer: about(v.exactOptional(text), "What `iss` must be."),
      audience: about(v.exactOptional(some(text)), "What `aud` must hold one of."),
      claims: about(
        v.exactOptional(
          v.record(v.string(), v.union([v.string(), v.number(), v.boolean()], "a text, a number, true or false")),
          {},
        ),
        "What other claims must be, or hold where they are lists.",
      ),
      cookie: about(
        v.exactOptional(cookieName),
        "The cookie in which it is looked for where there is no `Authorization`.",
      ),
      skew: about(
        v.exactOptional(v.pipe(duration, v.maxValue(600_000, 'at most "10m"')), "60s"),
        "By how much clocks may differ.",
      ),
    }),
    v.check(
      ({ keys, secret: one }) => (keys === undefined) !== (one === undefined),
      "a table with either keys or secret",
    ),
    v.check(
      ({ keys, algorithms }) =>
        (algorithms ?? []).every((name) =>
          (keys === undefined ? shared : (published as readonly string[])).includes(name as never),
        ),
      "algorithms that fit: those of a shared secret begin with HS, and only those",
    ),
    v.transform(({ keys, secret: one, algorithms, issuer, audience, cookie, ...said }) => ({
      ...said,
      issuer,
      audience: audience ?? [],
      cookie,
      by: keys === undefined ? { secret: one! } : { keys },
      algorithms: algorithms ?? (keys === undefined ? ["HS256"] : ["RS256", "ES256", "EdDSA"]),
    })),
  );
}
