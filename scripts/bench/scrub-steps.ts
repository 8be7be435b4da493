/** What the scrub room has to do, from nothing to all of it, and what people show it. A step adds to those before it. */
import { SignJWT } from "jose";
import type { Edge } from "../../src/edge.ts";
import { formatAddress } from "../../src/http/ip-form.ts";
import type { Address } from "../../src/http/ip.ts";
import { textOfSignedUrl, writeUrlSignature } from "../../src/http/signed-url.ts";
import { clearanceFor } from "../../src/scrub/challenge/clearance.ts";
import type { Sited } from "../../src/visit.ts";
import { chanceFrom, prefixes } from "./list-questions.ts";
import { conditionsOf } from "./rule-mix.ts";

/** What a visit shows beside what it is anyway. */
export interface Shown {
  /** Of the query. */
  readonly parameter?: string;
  readonly cookie?: string;
  readonly authorization?: string;
}

export interface Step {
  readonly name: string;
  /** Of the config, beside those of the steps before. */
  readonly rules?: readonly object[];
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly site?: Readonly<Record<string, unknown>>;
  /** What this step asks for, made by that edge. */
  readonly show?: (visit: Sited, edge: Edge) => Promise<Shown>;
}

/** Seconds since the epoch: when what is shown is good no longer. */
const expiryOf = (edge: Edge): number => Math.floor(edge.now() / 1000) + 3_600;

export const secrets: Readonly<Record<string, string>> = {
  SIGNING_KEY: "bench-signing-key-bench-signing-key",
  URL_KEY: "bench-url-key-bench-url-key-bench-url",
  TOKEN_KEY: "bench-token-key-bench-token-key-bench",
};

const blockIf = (name: string, when: string): object => ({ name, when, block: 403 });

/** All addresses of 198.18.0.0/15, which none of the lists has. */
export function addressOf(number: number): string {
  return formatAddress([(0xc612_0000 | (number & 0x1_ffff)) >>> 0]);
}

function isOfPeople([word, ...rest]: Address): boolean {
  return rest.length === 0 && word >>> 17 === 0xc612 >>> 1;
}

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
      blockIf("banned", 'inList(client.ip, "banned")'),
      blockIf("countries", 'inList(client.country, "countries")'),
      blockIf("networks", 'inList(client.asn, "networks")'),
    ],
    lists: {
      banned: [...prefixes(100_000, chanceFrom(3))]
        .filter(({ address }) => !isOfPeople(address))
        .map(({ address, length }) => `${formatAddress(address)}/${length}`),
      countries: ["KP", "T1"],
      networks: Array.from({ length: 1_000 }, (_, index) => `AS${65_000 + index}`),
    },
  },
  {
    name: "+ bots: names, proofs, scores, a policy for AI",
    site: {
      bots: { log: 40, challenge: 60, block: 80 },
      ai: { search: "allow", agents: "verified", training: "402" },
    },
    rules: [
      blockIf("bots", 'client.bot in ["gptbot", "ccbot", "bytespider"] && !client.verified'),
      blockIf("impostors", "client.impostor"),
    ],
    settings: { verify: { ranges: true, resolver: "https://dns.example.com/dns-query" } },
  },
  {
    name: "+ a challenge that was passed",
    rules: [{ name: "challenge", challenge: true }],
    show: async (visit, edge) => ({ cookie: (await clearanceFor(visit, edge))!.split(";")[0]! }),
  },
  {
    name: "+ a signed URL",
    rules: [{ name: "signed", access: { signed: "URL_KEY" } }],
    show: async ({ url }, edge) => {
      const scope = { expires: expiryOf(edge), segments: undefined, isForAddress: false };
      const text = textOfSignedUrl(scope, { url, parameter: "signature", ip: "" })!;
      return { parameter: `signature=${writeUrlSignature({ ...scope, mac: (await edge.mac("URL_KEY", text))! })}` };
    },
  },
  {
    name: "+ a token (HS256)",
    rules: [{ name: "token", access: { jwt: { secret: "TOKEN_KEY", audience: "bench" } } }],
    show: async ({ id }, edge) => {
      const token = new SignJWT({ sub: id })
        .setProtectedHeader({ alg: "HS256" })
        .setAudience("bench")
        .setExpirationTime(expiryOf(edge));
      return { authorization: `Bearer ${await token.sign(new TextEncoder().encode(secrets["TOKEN_KEY"]))}` };
    },
  },
  { name: "+ a limit", rules: [{ name: "limit", limit: { rate: "100/1m", scope: "isolate" } }] },
];
