/** What the scrub room has to do, from nothing to all of it, and what people show it. A step adds to those before it. */
import { SignJWT } from "jose";
import { formatAddress } from "../../src/http/ip-form.ts";
import type { Edge } from "../../src/edge.ts";
import { clearanceFor } from "../../src/scrub/challenge/clearance.ts";
import type { Sited } from "../../src/visit.ts";
import { signUrl } from "../access/sign-url.ts";
import { chanceFrom, prefixes } from "./list-questions.ts";
import { conditionsOf } from "./rule-mix.ts";

/** What a visit shows: of its URL, and of its fields. */
export interface Shown {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Step {
  readonly name: string;
  /** Of the config, beside those of the steps before. */
  readonly rules?: readonly object[];
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Adds what this step asks for; `visit` is the one that shows it. */
  readonly show?: (shown: Shown, visit: Sited, edge: Edge) => Shown | Promise<Shown>;
}

export const secrets: Readonly<Record<string, string>> = {
  SIGNING_KEY: "bench-signing-key-bench-signing-key",
  URL_KEY: "bench-url-key-bench-url-key-bench-url",
  TOKEN_KEY: "bench-token-key-bench-token-key-bench",
};

const named = (text: string): Uint8Array => new TextEncoder().encode(text);

const blockedIf = (name: string, when: string): object => ({ name, when, block: 403 });

export const steps: readonly Step[] = [
  { name: "nothing on" },
  {
    name: "+ 100 rules",
    rules: conditionsOf(100).map((when, index) => ({ name: `rule-${index}`, when, compress: false })),
    lists: { offices: ["203.0.113.0/24"], clouds: ["AS64500", "AS64511"] },
  },
  {
    name: "+ lists: 100,000 prefixes, countries, networks",
    rules: [
      blockedIf("banned", 'inList(client.ip, "banned")'),
      blockedIf("countries", 'inList(client.country, "countries")'),
      blockedIf("networks", 'inList(client.asn, "networks")'),
    ],
    lists: {
      banned: [...prefixes(100_000, chanceFrom(3))].map(({ address, length }) => `${formatAddress(address)}/${length}`),
      countries: ["KP", "T1"],
      networks: Array.from({ length: 1_000 }, (_, index) => `AS${65_000 + index}`),
    },
  },
  {
    name: "+ bots, and who they are",
    rules: [
      blockedIf("bots", 'client.bot in ["gptbot", "ccbot", "bytespider"] && !client.verified'),
      blockedIf("impostors", "client.impostor"),
    ],
    settings: { verify: { ranges: true, resolver: "https://dns.example.com/dns-query" } },
  },
  {
    name: "+ a challenge that was passed",
    rules: [{ name: "challenge", challenge: true }],
    show: async ({ url, fields }, visit, edge) => {
      const [clearance] = (await clearanceFor(visit, edge))!.split(";");
      return { url, fields: { ...fields, cookie: `${fields["cookie"]}; ${clearance}` } };
    },
  },
  {
    name: "+ a signed URL",
    rules: [{ name: "signed", access: { signed: "URL_KEY" } }],
    show: ({ url, fields }) => ({
      url: signUrl(url, secrets["URL_KEY"]!, { expires: hence / 1000, parameter: "signature" }),
      fields,
    }),
  },
  {
    name: "+ a token (HS256)",
    rules: [{ name: "token", access: { jwt: { secret: "TOKEN_KEY", audience: "bench" } } }],
    show: async ({ url, fields }, { id }) => {
      const token = await new SignJWT({ sub: id })
        .setProtectedHeader({ alg: "HS256" })
        .setAudience("bench")
        .setExpirationTime(hence / 1000)
        .sign(named(secrets["TOKEN_KEY"]!));
      return { url, fields: { ...fields, authorization: `Bearer ${token}` } };
    },
  },
  { name: "+ a limit of a binding", rules: [{ name: "limit", limit: { by: "LIMIT" } }] },
];

/** Milliseconds since the epoch, as {@link Edge.now} says; it stands still, as the platform's clock does. */
export const now = 1.8e12;

/** When what is shown is good no longer. */
const hence = now + 3_600_000;
