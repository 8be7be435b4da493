/** The site under siege: its config has all of what scrubs in it. */
import { FixedList } from "../../src/lists/lists.ts";
import { formatAddress } from "../../src/http/ip-form.ts";
import { chanceFrom, prefixes } from "../bench/list-questions.ts";
import { conditionsOf } from "../bench/rule-mix.ts";

/** Prefixes in the list of those who are banned, and rules besides those that refuse here. */
const [listed, others] = [10_000, 80];

/** Those who are banned. */
const banned = [...prefixes(listed, chanceFrom(1))];

/** Addresses among theirs, in 32-bit words. */
export const banned4 = banned.flatMap(({ address }) => (address.length === 1 ? [address[0]] : []));
export const banned6 = banned.flatMap(({ address }) => (address.length === 1 ? [] : [address]));

/** Whether an address is. */
export const bannedList = FixedList.of([{ kind: "prefixes", prefixes: banned }]);

/** AS numbers of networks that none of the site's people come from; those of the second list have to pass a challenge. */
export const [clouds, doubtful] = [
  [64500, 64501, 64511],
  [64520, 64521],
];

export const countries = ["KP", "T1", "XX"];

/** Names of bots; "unknown" is who gives none. */
const bots = ["gptbot", "ccbot", "bytespider", "sqlmap", "nikto", "curl", "python-requests", "unknown"];

export const issuer = "https://login.example.com";

/** What only the edge and those who are let in know. */
export const secrets = {
  SIGNING_KEY: "siege-signing-key-siege-signing-key",
  URL_KEY: "siege-url-key-siege-url-key-siege-url",
  TOKEN_KEY: "siege-token-key-siege-token-key-siege",
} as const;

/** Of logins, and of visits to what is for members: so many of a client in a minute. */
export const most = 10;

const refusing = [
  { name: "banned", when: 'inList(client.ip, "banned")', block: 403 },
  { name: "countries", when: 'inList(client.country, "countries")', block: 451 },
  { name: "networks", when: 'inList(client.asn, "clouds")', block: 403 },
  { name: "impostors", when: "client.impostor", block: 403 },
  { name: "bots", when: 'inList(client.bot, "bots") && !client.verified', block: 403 },
  { name: "methods", when: '!(request.method in ["GET", "HEAD", "POST"])', block: 405 },
  {
    name: "probes",
    when: 'request.path.matches("\\\\.(php|env|git|bak|sql|asp)(/|$)") || request.path.startsWith("/wp-")',
    block: 404,
  },
  {
    name: "logins",
    when: 'request.path == "/login" && request.method == "POST"',
    limit: { rate: `${most}/1m`, scope: "isolate" },
  },
  { name: "guesses", when: 'request.path.startsWith("/staff/")', limit: { rate: `${most}/1m`, scope: "isolate" } },
  { name: "staff", when: 'request.path.startsWith("/staff/")', access: { basic: "STAFF" } },
  { name: "films", when: 'request.path.startsWith("/film/")', access: { signed: "URL_KEY" } },
  {
    name: "api",
    when: 'request.path.startsWith("/api/")',
    access: { jwt: { secret: "TOKEN_KEY", issuer, audience: "api" } },
  },
  { name: "images", when: 'request.path.startsWith("/image/")', access: { hotlink: true } },
  {
    name: "shop",
    when: 'request.path.startsWith("/shop/") && inList(client.asn, "doubtful")',
    challenge: true,
  },
];

/** @param users lines of the secret of those who have passwords. */
export function bindingsFor(origin: string, users: string): Readonly<Record<string, unknown>> {
  const known = conditionsOf(others).map((when, index) => ({ name: `other-${index}`, when, block: 403 }));
  return {
    ORIGINS: [{ name: "origin", url: origin }],
    SITES: [{ name: "www", hosts: ["*"], origins: ["origin"] }],
    LISTS: {
      banned: banned.map(({ address, length }) => `${formatAddress(address)}/${length}`),
      countries,
      bots,
      offices: ["203.0.113.0/24"],
      clouds: clouds.map((asn) => `AS${asn}`),
      doubtful: doubtful.map((asn) => `AS${asn}`),
    },
    RULES: [...refusing, ...known],
    SETTINGS: { trail: true, localVisitors: true, log: "none" },
    STAFF: users,
    ...secrets,
  };
}
