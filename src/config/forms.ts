/** The forms that single values of the config have, as schemas. */
import * as v from "valibot";
import { countryPosition } from "../geo/countries.ts";
import { isBotName, knownNames } from "../bots/name.ts";
import { parseMember, type Member } from "../lists/lists.ts";
import { typos } from "./nearest.ts";

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  return v.pipe(v.number(expected), v.integer(expected), v.minValue(least, expected), v.maxValue(most, expected));
}

function degrees(what: string, most: number) {
  const expected = `a ${what} in degrees, from -${most} to ${most}`;
  return v.pipe(v.number(expected), v.minValue(-most, expected), v.maxValue(most, expected));
}

/** Text that isn't empty. */
export const words = v.pipe(
  v.string(),
  v.regex(/\S/, "a text that isn't empty"),
  v.maxLength(200, "a text of at most 200 characters"),
);

/** RFC 9110 §5.6.2, as Via, CDN-Loop and Cache-Status need it. */
export const token = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,63}$/, "a name of letters, digits, dots and dashes"),
);

/** What can stand in the trail and in a header field. */
export const originName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._-]{1,64}$/, "a name of letters, digits, dots, dashes and underscores"),
);

/** The name of a Worker's binding. */
export const bindingName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_$][\w$]*$/, 'the name of a binding, such as "LOGIN_LIMIT"'),
);

/** Fields about the connection or the framing of a message, which the edge writes itself (RFC 9110 §7.6.1). */
const framing =
  "connection|content-encoding|content-length|content-range|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade";

/** The name of a header field, as rules may edit it → lower case. */
export const fieldName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "the name of a header field"),
  v.check(
    (name) => !framing.split("|").includes(name.toLowerCase()),
    "a field that rules may edit: the edge writes it itself",
  ),
  v.toLowerCase(),
);

/** Fields of requests that HTTP, browsers and the edge give a meaning. */
const meant =
  /^(?:accept|authorization|cache-control|cookie|content-|date|expect|forwarded|from|if-|max-forwards|origin|pragma|prefer|priority|range|referer|sec-|signature|user-agent|via|x-forwarded-|x-real-ip)/;

/** The name of a field of one's own, which clients needn't send: what they send in it is dropped → lower case. */
export const ownField = v.pipe(
  fieldName,
  v.check((name) => !meant.test(name), 'the name of a field of your own, such as "X-Experiment"'),
);

/** TRACE and TRACK show who asks what the origin got (RFC 9110 §9.3.8), CONNECT asks for a tunnel (§9.3.6). */
const neverAllowed: ReadonlySet<string> = new Set(["TRACE", "TRACK", "CONNECT"]);

/** A method, which is case-sensitive (RFC 9110 §9.1): all that are registered are in upper case. */
export const methodName = v.pipe(
  v.string(),
  v.regex(/^[A-Z][A-Z-]{0,31}$/, 'a method in upper case, such as "GET"'),
  v.check((name) => !neverAllowed.has(name), "a method that may be allowed: TRACE, TRACK and CONNECT never are"),
);

/** The name of a targeted cache control field (RFC 9213) → lower case. Cache-Control is none: it is for every cache. */
export const targetedField = v.pipe(
  v.string(),
  v.regex(
    /^(?!cache-control$)[A-Za-z0-9_-]+-control$/i,
    'the name of a targeted field, such as "Perigee-CDN-Cache-Control"',
  ),
  v.toLowerCase(),
);

/** Cookie names are tokens too (RFC 6265 §4.1.1), and keep their case. */
export const cookieName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "the name of a cookie"));

/** The value of a header field, or a text that makes one: without control characters (RFC 9110 §5.5). */
export const fieldValue = v.pipe(v.string(), v.regex(/^(?:\P{Cc}|\t)*$/u, "a text without line breaks"));

/** What `client.bot` can be. */
export const botName = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || (isBotName(dataset.value) && !isMisspelt(dataset.value))) return;
    const expected = knownNames.map((name) => JSON.stringify(name)).join(" | ");
    addIssue({ message: "the name of a bot as client.bot has it, in lower case", expected });
  }),
);

/** Any bot may call itself anything; but who writes one letter of a known one's longer name wrong means that one. */
function isMisspelt(name: string): boolean {
  const isMeant = (known: string): boolean => known.length > 5 && known[0] === name[0] && typos(name, known) === 1;
  return !knownNames.includes(name) && knownNames.some(isMeant);
}

/** A media type, its beginning and "*", or "*" and its suffix (RFC 6839) → lower case. */
export const mediaType = v.pipe(
  v.string(),
  v.regex(/^(?:[\w.+-]+\/(?:[\w.+-]+\*?|\*)|\*\+[\w.-]+)$/, 'a media type such as "text/html", "text/*" or "*+json"'),
  v.toLowerCase(),
);

const placeForms = '[latitude, longitude] in degrees, or the code of a country such as "DE"';

/** `[latitude, longitude]`, or a country's code for a point that stands for it → position. */
export const place = v.union(
  [
    v.strictTuple([degrees("latitude", 90), degrees("longitude", 180)]),
    v.pipe(
      v.string(),
      v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
        const position = countryPosition(value.toUpperCase());
        if (position) return position;
        addIssue({ message: placeForms });
        return NEVER;
      }),
    ),
  ],
  placeForms,
);

/** An origin's URL. What is printed of a wrong one is without the credentials in it. */
export const originUrl = v.pipe(
  v.string(),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const url = URL.parse(value);
    const wrong = (message: string): typeof NEVER => {
      addIssue({ message, input: value.replace(/\/\/[^/]*@/, "//…@") });
      return NEVER;
    };
    if (!url || !/^https?:$/.test(url.protocol)) return wrong('a URL such as "https://origin.example.com"');
    if (url.username || url.password) return wrong("a URL without credentials");
    if (/[?#]/.test(value)) return wrong("a URL without a query or fragment");
    return url;
  }),
);

/** "www.example.com", "*.example.com" or "*" → in lower case, international names in their ASCII form. */
export const host = v.pipe(
  v.string(),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const normal = value === "*" ? "*" : normalHost(value);
    if (normal !== undefined) return normal;
    addIssue({ message: 'a host such as "www.example.com", "*.example.com" or "*", without scheme, port or path' });
    return NEVER;
  }),
);

function normalHost(text: string): string | undefined {
  const [, wildcard = "", name = ""] = /^(\*\.)?(\[[\da-f:.]+\]|[^\s/\\:?#@*[\]]+)$/i.exec(text) ?? [];
  const url = name === "" ? null : URL.parse(`http://${name}/`);
  return url ? wildcard + url.hostname : undefined;
}

/** A member of a list. */
export const member = v.pipe(
  v.union([v.string(), v.number()], "a text or a number"),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): Member => {
    const understood = parseMember(value);
    if (understood) return understood;
    addIssue({
      message:
        'an address or a prefix with no bits set after its length ("192.0.2.7", "10.0.0.0/8", "2001:db8::/32"), a range ("192.0.2.1-192.0.2.9"), a country code, an AS number (64500, "AS64500") or another text',
    });
    return NEVER;
  }),
);
