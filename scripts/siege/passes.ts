/** Who the site's people are, and what they show to be let in. */
import { SignJWT } from "jose";
import { loadConfig } from "../../src/config/config.ts";
import type { Edge } from "../../src/edge.ts";
import { visitedAddress } from "../../src/http/address.ts";
import { formatAddress } from "../../src/http/ip-form.ts";
import { createMac } from "../../src/platform/memory/mac.ts";
import { createSigner } from "../../src/platform/memory/signer.ts";
import { writeUser } from "../../src/scrub/access/password.ts";
import { clearanceFor } from "../../src/scrub/challenge/clearance.ts";
import type { Sited } from "../../src/visit.ts";
import { signUrl } from "../access/sign-url.ts";
import { BenchError } from "../bench/bench-error.ts";
import { chanceFrom } from "../bench/list-questions.ts";
import { bannedList, bindingsFor, doubtful, issuer, secrets } from "./site.ts";
import { host } from "./message.ts";

/** One of the site's people. */
export interface Person {
  readonly ip: string;
  readonly country: string;
  readonly asn: number;
  /** Cookie by which a challenge counts as passed. */
  readonly clearance: string;
}

export interface Passes {
  readonly people: readonly Person[];
  /** Targets that are signed for everybody. */
  readonly films: readonly string[];
  /** Values of Authorization. */
  readonly tokens: readonly string[];
  readonly passwords: readonly string[];
}

const [films, members] = [20, 10];

/** Milliseconds for which what is shown is good: longer than any siege. */
const good = 24 * 3_600_000;

const userOf = (index: number): string => `member-${index}`;
const passwordOf = (index: number): string => `password of member ${index}`;

/** Lines of the secret of those who have passwords. */
export async function usersOf(): Promise<string> {
  const lines = Array.from({ length: members }, (_, index) =>
    writeUser(userOf(index), passwordOf(index), { iterations: 10_000, salt: "siege-siege-siege-siege" }),
  );
  return (await Promise.all(lines)).join("\n");
}

/** @param count of people. */
export async function createPasses(count: number): Promise<Passes> {
  return {
    people: await peopleOf(count),
    films: Array.from({ length: films }, (_, index) => filmOf(`/film/${index}`, secrets.URL_KEY, good)),
    tokens: await Promise.all(Array.from({ length: members }, (_, index) => tokenOf(userOf(index), secrets.TOKEN_KEY))),
    passwords: Array.from({ length: members }, (_, index) => basicOf(userOf(index), passwordOf(index))),
  };
}

/** The target, signed. @param time milliseconds from now for which that is good. */
export function filmOf(path: string, key: string, time: number): string {
  const expires = Math.floor((Date.now() + time) / 1000);
  const url = new URL(signUrl(`http://${host}${path}`, key, { expires, parameter: "signature" }));
  return url.pathname + url.search;
}

export async function tokenOf(subject: string, key: string, until = Date.now() + good): Promise<string> {
  const token = new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(issuer)
    .setAudience("api")
    .setExpirationTime(Math.floor(until / 1000));
  return `Bearer ${await token.sign(new TextEncoder().encode(key))}`;
}

export function basicOf(name: string, password: string): string {
  return `Basic ${btoa(`${name}:${password}`)}`;
}

/** From Germany and France, every fourth of a network whose clients have to pass a challenge, which they did; none is banned. */
async function peopleOf(count: number): Promise<readonly Person[]> {
  const edge = edgeOf();
  const chance = chanceFrom(2);
  const people: Person[] = [];
  while (people.length < count) {
    // Of a range that nobody else of the siege has.
    const ip = formatAddress([(0xc6120000 | (chance() & 0x1ffff)) >>> 0]);
    if (bannedList.hasText(ip)) continue;
    const index = people.length;
    people.push({
      ip,
      country: index % 3 === 0 ? "FR" : "DE",
      asn: index % 4 === 0 ? doubtful[0]! : 64600,
      clearance: await clearanceOf(ip, edge),
    });
  }
  return people;
}

/** As much of an edge as clears. */
function edgeOf(): Edge {
  const loaded = loadConfig(bindingsFor("http://127.0.0.1", ""));
  if (loaded.kind === "problems") throw new BenchError(JSON.stringify(loaded.problems.slice(0, 3)));
  const mac = createMac(createSigner((name) => (secrets as Readonly<Record<string, string>>)[name]));
  return { config: loaded.config, now: () => Date.now(), mac } as Edge;
}

async function clearanceOf(ip: string, edge: Edge): Promise<string> {
  const visit: Pick<Sited, "client" | "site" | "url"> = {
    client: { ip },
    site: edge.config.sites.any!,
    url: visitedAddress(`http://${host}/`)!,
  };
  return (await clearanceFor(visit as Sited, edge))!.split(";")[0]!;
}
