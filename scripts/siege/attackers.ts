/** Who attacks, and what the edge is to refuse it for. But for what is named, each looks like a person with a browser. */
import { formatAddress } from "../../src/http/ip-form.ts";
import {
  forged,
  malformed,
  oversized,
  overrides,
  probes,
  signedTargets,
  stale,
  tokens,
  agents,
  disguises,
} from "./forgeries.ts";
import { oneOf, type Draw, type Kind } from "./kind.ts";
import type { Asked } from "./message.ts";
import { basicOf, type Passes, type Person } from "./passes.ts";
import { byPerson } from "./people.ts";
import { banned4, banned6, clouds, countries, doubtful } from "./site.ts";

export interface Attack extends Kind {
  /** Beginnings of what the scrub room may decide. */
  readonly refusals: readonly string[];
  /** As many clients are counted by the limit on logins, which lets each in so often. */
  readonly flooders?: number;
}

/** A client of whom nothing is known but where it is: none of the site's people. */
function stranger(draw: Draw, where: Partial<Person> = {}): Person {
  return { ip: `192.0.2.${draw(256)}`, country: "NL", asn: 64700, clearance: "", ...where };
}

type Of<T> = (draw: Draw, passes: Passes) => T;

/** From anywhere, with what makes it an attack; a usual page is asked for, unless it says otherwise. */
const by =
  (of: Of<Partial<Asked>>, where: Of<Partial<Person>> = () => ({})): Kind["ask"] =>
  (draw, passes) =>
    byPerson(stranger(draw, where(draw, passes)), { target: `/page/${draw(50)}`, ...of(draw, passes) });

/** From where nobody is let in. */
const from = (where: Of<Partial<Person>>): Kind["ask"] => by(() => ({}), where);

const fromBanned: Of<Partial<Person>> = (draw) => ({ ip: formatAddress([oneOf(banned4, draw)]) });

/** As a browser asks for what another site's page shows. */
const embedded = {
  referer: "https://elsewhere.example/",
  "sec-fetch-dest": "image",
  "sec-fetch-mode": "no-cors",
  "sec-fetch-site": "cross-site",
};

/** What a rule of that name blocks. */
const blocked = (rule: string): readonly string[] => [`blocked-by-rule:${rule}`];

/** So many clients try to log in, and to guess passwords. */
const [floods, guessers] = [5, 10];

export const attackers: readonly Attack[] = [
  { name: "banned IPv4 addresses", share: 10, refusals: blocked("banned"), ask: from(fromBanned) },
  {
    name: "the same, behind forged forwarding fields",
    share: 10,
    refusals: blocked("banned"),
    ask: by((draw, { people }) => ({ fields: forged(oneOf(people, draw).ip) }), fromBanned),
  },
  {
    name: "the same, as IPv6",
    share: 5,
    refusals: blocked("banned"),
    ask: from((draw) => ({ ip: oneOf(disguises, draw)(oneOf(banned4, draw)) })),
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
    ask: by((draw) => ({ fields: { "user-agent": oneOf(agents, draw) } })),
  },
  { name: "no User-Agent", share: 3, refusals: blocked("bots"), ask: by(() => ({ fields: { "user-agent": "" } })) },
  {
    name: "bots with a stale signature",
    share: 3,
    refusals: ["impostor:signature:expired+blocked-by-rule:impostors"],
    ask: by(() => ({ fields: stale })),
  },
  {
    name: "malformed paths",
    share: 6,
    refusals: ["bad-path"],
    ask: by((draw) => ({ target: oneOf(malformed, draw) })),
  },
  {
    name: "oversized requests",
    share: 4,
    refusals: ["too-many-fields", "fields-too-large", "url-too-long"],
    ask: by((draw) => oneOf(oversized, draw)),
  },
  {
    name: "methods",
    share: 4,
    refusals: [...blocked("methods"), "method-not-allowed"],
    ask: by((draw) => ({ method: oneOf(["DELETE", "PUT", "PATCH", "TRACE"], draw) })),
  },
  {
    name: "methods in fields",
    share: 3,
    refusals: ["method-override"],
    ask: by((draw) => ({ fields: { [oneOf(overrides, draw)]: "DELETE" } })),
  },
  { name: "probes", share: 5, refusals: blocked("probes"), ask: by((draw) => ({ target: oneOf(probes, draw) })) },
  {
    name: "login attempts",
    share: 5,
    refusals: ["rate-limited:logins"],
    flooders: floods,
    ask: by(
      (draw) => ({ method: "POST", target: "/login", content: `name=alice&password=${draw(1e6)}` }),
      (draw) => ({ ip: `203.0.113.${200 + draw(floods)}` }),
    ),
  },
  {
    name: "guessed passwords",
    share: 3,
    refusals: ["sign-in-needed:basic:wrong:staff", "rate-limited:guesses"],
    ask: by(
      (draw) => ({ target: "/staff/1", fields: { authorization: basicOf("member-1", String(draw(1e6))) } }),
      (draw) => ({ ip: `203.0.113.${100 + draw(guessers)}` }),
    ),
  },
  {
    name: "forged URL signatures",
    share: 4,
    refusals: ["not-let-in:signed"],
    ask: by((draw) => ({ target: oneOf(signedTargets, draw) })),
  },
  {
    name: "forged tokens",
    share: 4,
    refusals: ["sign-in-needed:jwt"],
    ask: by((draw) => ({ target: `/api/${draw(100)}`, fields: { authorization: oneOf(tokens, draw) } })),
  },
  {
    name: "images on others' pages",
    share: 3,
    refusals: ["not-let-in:hotlink"],
    ask: by((draw) => ({ target: `/image/${draw(50)}`, fields: embedded })),
  },
  {
    name: "browsers that pass no challenge",
    share: 3,
    refusals: ["challenged:shop"],
    // They show nothing, something, or what somebody else has.
    ask: by(
      (draw, { people }) => ({
        target: `/shop/${draw(100)}`,
        fields: { cookie: oneOf(["", "perigee-clearance=zzzzzz..AAAA", oneOf(people, draw).clearance], draw) },
      }),
      (draw) => ({ asn: oneOf(doubtful, draw) }),
    ),
  },
];
