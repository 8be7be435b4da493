/** Who attacks, and what the edge is to refuse it for. But for what is named, each looks like a person with a browser. */
import { formatAddress } from "../../src/http/ip-form.ts";
import { oneOf, type Draw, type Kind } from "./kind.ts";
import type { Asked } from "./message.ts";
import { basicOf, filmOf, type Passes, type Person } from "./passes.ts";
import { byPerson } from "./people.ts";
import { banned, clouds, countries, doubtful } from "./site.ts";

export interface Attack extends Kind {
  /** Beginnings of what the scrub room may decide. */
  readonly refusals: readonly string[];
  /** Clients that a limit counts, of which each may come in so often as that allows. */
  readonly flooders?: number;
}

/** A client of whom nothing is known but where it is: none of the site's people. */
function stranger(draw: Draw, where: Partial<Person> = {}): Person {
  const ip = `192.0.2.${draw(256)}`;
  return { ip, country: "NL", asn: 64700, clearance: "", ...where };
}

/** Of a stranger, with what makes it an attack. */
const byStranger =
  (of: (draw: Draw, passes: Passes) => Partial<Asked>): Kind["ask"] =>
  (draw, passes) =>
    byPerson(stranger(draw), { target: `/page/${draw(50)}`, ...of(draw, passes) });

/** By who asks, from where, for a usual page. */
const from =
  (
    of: (draw: Draw) => Partial<Person>,
    fields: (passes: Passes, draw: Draw) => Asked["fields"] = () => ({}),
  ): Kind["ask"] =>
  (draw, passes) =>
    byPerson(stranger(draw, of(draw)), { target: `/page/${draw(50)}`, fields: fields(passes, draw) });

const [banned4, banned6] = [1, 4].map((words) =>
  banned.filter(({ address }) => address.length === words).map(({ address }) => address),
) as [(typeof banned)[0]["address"][], (typeof banned)[0]["address"][]];

/** How an IPv4 address is said in IPv6: mapped, 6to4, NAT64. */
const disguises: readonly ((word: number) => string)[] = [
  (word) => `::ffff:${formatAddress([word])}`,
  (word) => formatAddress([(0x20020000 | (word >>> 16)) >>> 0, (word << 16) >>> 0, 0, 1]),
  (word) => formatAddress([0x64ff9b, 0, 0, word]),
];

/** By which somebody else would have asked, if one believed it. */
const forged = ({ people }: Passes, draw: Draw): Asked["fields"] => {
  const { ip } = oneOf(people, draw);
  return {
    "x-forwarded-for": `${ip}, 127.0.0.1`,
    forwarded: `for=${ip};proto=https`,
    ...{ "x-real-ip": ip, "true-client-ip": ip, "x-client-ip": ip, "x-originating-ip": ip },
  };
};

const blocked = (name: string): readonly string[] => [`blocked-by-rule:${name}`];

const agents = [
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
  "CCBot/2.0 (https://commoncrawl.org/faq/)",
  "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)",
  "sqlmap/1.8.4#stable (https://sqlmap.org)",
  "curl/8.5.0",
  "python-requests/2.31.0",
];

/** Signed when that was good no longer. */
const stale: Asked["fields"] = {
  "signature-agent": '"https://chatgpt.com"',
  "signature-input":
    'sig1=("@authority" "signature-agent");created=1700000000;expires=1700003600;keyid="poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";tag="web-bot-auth"',
  signature: `sig1=:${"A".repeat(86)}==:`,
};

const malformed = [
  "/page/%2e%2e/%2e%2e/etc/passwd",
  "/page/..%252f..%252fetc/passwd",
  "/page/%c0%ae%c0%ae/secret",
  "/page/%u002e%u002e/secret",
  "/page/7%00.html",
  "/page/7%0d%0aset-cookie:a=b",
  "/page/..;/manager/html",
  "/page/..%5c..%5cwindows/win.ini",
];

const probes = ["/wp-login.php", "/.env", "/.git/config", "/backup.sql", "/wp-admin/", "/index%2ephp", "/old.bak"];

/** Many fields, a long one, much in all, and a long URL. */
const oversized: readonly Partial<Asked>[] = [
  { fields: Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`x-field-${index}`, "1"])) },
  { fields: { "x-long": "a".repeat(9_000) } },
  { fields: Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`x-large-${index}`, "a".repeat(6_000)])) },
  { target: `/page/1?${"q".repeat(17_000)}` },
];

const overrides = ["x-http-method-override", "x-http-method", "x-method-override", "x_http_method_override"];

/** Signed with another key, not signed, signed for what is over, and for something else. */
const films = [
  filmOf("/film/1", "another key", 3_600_000),
  "/film/2",
  filmOf("/film/3", "another key", -1_000),
  "/film/4?signature=7.u.x",
];

const tokenFlaws = {
  "another key":
    "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZW1iZXItMSIsImF1ZCI6ImFwaSIsImV4cCI6OTk5OTk5OTk5OX0.c2lnbmVkLWJ5LW5vYm9keS1zaWduZWQtYnktbm9ib2R5LXM",
  "no key": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZW1iZXItMSIsImF1ZCI6ImFwaSIsImV4cCI6OTk5OTk5OTk5OX0.",
  "no token": "Bearer x.y.z",
  "another scheme": "Basic YWxpY2U6c2VjcmV0",
};

/** So many clients try to log in, and to guess passwords. */
const [floods, guessers] = [5, 20];

export const attackers: readonly Attack[] = [
  {
    name: "banned IPv4 addresses",
    share: 10,
    refusals: blocked("banned"),
    ask: from((draw) => ({ ip: formatAddress(oneOf(banned4, draw)) })),
  },
  {
    name: "the same, behind forged forwarding fields",
    share: 10,
    refusals: blocked("banned"),
    ask: from((draw) => ({ ip: formatAddress(oneOf(banned4, draw)) }), forged),
  },
  {
    name: "the same, as IPv6",
    share: 5,
    refusals: blocked("banned"),
    ask: from((draw) => ({ ip: oneOf(disguises, draw)(oneOf(banned4, draw)[0]) })),
  },
  {
    name: "banned IPv6 networks",
    share: 10,
    refusals: blocked("banned"),
    ask: from((draw) => ({ ip: formatAddress(oneOf(banned6, draw)) })),
  },
  {
    name: "countries",
    share: 5,
    refusals: blocked("countries"),
    ask: from((draw) => ({ country: oneOf(countries, draw) })),
  },
  {
    name: "networks (AS numbers)",
    share: 5,
    refusals: blocked("networks"),
    ask: from((draw) => ({ asn: oneOf(clouds, draw) })),
  },
  {
    name: "bots by name",
    share: 5,
    refusals: blocked("bots"),
    ask: from(
      () => ({}),
      (_, draw) => ({ "user-agent": oneOf(agents, draw) }),
    ),
  },
  {
    name: "no User-Agent",
    share: 3,
    refusals: blocked("bots"),
    ask: from(
      () => ({}),
      () => ({ "user-agent": "" }),
    ),
  },
  {
    name: "bots with a stale signature",
    share: 3,
    refusals: ["impostor:signature:expired"],
    ask: from(
      () => ({}),
      () => stale,
    ),
  },
  {
    name: "malformed paths",
    share: 6,
    refusals: ["bad-path"],
    ask: byStranger((draw) => ({ target: oneOf(malformed, draw) })),
  },
  {
    name: "oversized requests",
    share: 4,
    refusals: ["too-many-fields", "fields-too-large", "url-too-long"],
    ask: byStranger((draw) => oneOf(oversized, draw)),
  },
  {
    name: "methods",
    share: 4,
    refusals: [...blocked("methods"), "method-not-allowed"],
    ask: byStranger((draw) => ({ method: oneOf(["DELETE", "PUT", "PATCH", "TRACE"], draw) })),
  },
  {
    name: "methods in fields",
    share: 3,
    refusals: ["method-override"],
    ask: byStranger((draw) => ({ fields: { [oneOf(overrides, draw)]: "DELETE" } })),
  },
  {
    name: "probes",
    share: 5,
    refusals: blocked("probes"),
    ask: byStranger((draw) => ({ target: oneOf(probes, draw) })),
  },
  {
    name: "login attempts",
    share: 5,
    refusals: ["rate-limited:logins"],
    flooders: floods,
    ask: (draw) =>
      byPerson(stranger(draw, { ip: `203.0.113.${200 + draw(floods)}` }), {
        method: "POST",
        target: "/login",
        content: `name=alice&password=${draw(1e6)}`,
      }),
  },
  {
    name: "guessed passwords",
    share: 3,
    refusals: ["sign-in-needed:basic:wrong:staff", "rate-limited:guesses"],
    ask: (draw) =>
      byPerson(stranger(draw, { ip: `203.0.113.${100 + draw(guessers)}` }), {
        target: "/staff/1",
        fields: { authorization: basicOf("member-1", String(draw(1e6))) },
      }),
  },
  {
    name: "forged URL signatures",
    share: 4,
    refusals: ["not-let-in:signed"],
    ask: byStranger((draw) => ({ target: oneOf(films, draw) })),
  },
  {
    name: "forged tokens",
    share: 4,
    refusals: ["sign-in-needed:jwt"],
    ask: byStranger((draw) => ({
      target: `/api/${draw(100)}`,
      fields: { authorization: oneOf(Object.values(tokenFlaws), draw) },
    })),
  },
  {
    name: "images on others' pages",
    share: 3,
    refusals: ["not-let-in:hotlink"],
    ask: byStranger((draw) => ({ target: `/image/${draw(50)}`, fields: { referer: "https://elsewhere.example/" } })),
  },
  {
    name: "browsers that pass no challenge",
    share: 3,
    refusals: ["challenged:shop"],
    // With nothing, something, or what somebody else has.
    ask: (draw, { people }) => {
      const cookie = oneOf(["", "perigee-clearance=zzzzzz..AAAA", oneOf(people, draw).clearance], draw);
      return byPerson(stranger(draw, { asn: oneOf(doubtful, draw) }), {
        target: `/shop/${draw(100)}`,
        fields: { cookie },
      });
    },
  },
];
