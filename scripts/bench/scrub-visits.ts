/** Ordinary visits, and an edge that scrubs them, as far as that needs one. */
import { loadConfig } from "../../src/config/config.ts";
import type { Edge } from "../../src/edge.ts";
import { parseAddress } from "../../src/http/address.ts";
import { Fields } from "../../src/http/fields.ts";
import { createFirstTime } from "../../src/platform/memory/first-time.ts";
import { createLookups } from "../../src/platform/memory/lookups.ts";
import { createMac } from "../../src/platform/memory/mac.ts";
import { createMemo } from "../../src/platform/memory/memo.ts";
import { createSigner } from "../../src/platform/memory/signer.ts";
import { Trail } from "../../src/trail.ts";
import type { Sited } from "../../src/visit.ts";
import { browserFields } from "../load/browser.ts";
import { BenchError } from "./bench-error.ts";
import { addressOf, now, secrets, type Shown, type Step } from "./scrub-steps.ts";

/** An edge with these steps on. */
export function edgeWith(on: readonly Step[]): Edge {
  const loaded = loadConfig({
    ORIGINS: [{ name: "origin", url: "https://origin.example" }],
    SITES: [{ hosts: ["*"], origins: ["origin"] }],
    RULES: on.flatMap(({ rules = [] }) => rules),
    LISTS: Object.assign({}, ...on.map(({ lists }) => lists)),
    SETTINGS: Object.assign({}, ...on.map(({ settings }) => settings)),
  });
  if (loaded.kind === "problems") throw new BenchError(JSON.stringify(loaded.problems.slice(0, 3)));
  const clock = (): number => now;
  const secret = (name: string): string | undefined => secrets[name];
  const sign = createSigner(secret);
  const ports: Partial<Edge> = {
    ...{ config: loaded.config, now: clock, random: Math.random, secret, sign, mac: createMac(sign) },
    limiter: () => ({ take: async () => true }),
    remember: createMemo<string>(2_000),
    firstTime: createFirstTime(clock),
    lookups: createLookups({ now: clock, defer: () => undefined }),
  };
  return ports as Edge;
}

/** Visits of people with a browser, each with an address of its own, who show what the steps ask for. */
export async function visitsTo(on: readonly Step[], numbers: readonly number[]): Promise<readonly Sited[]> {
  const edge = edgeWith(on.map(({ name }) => ({ name })));
  return Promise.all(
    numbers.map(async (number) => {
      const visit = visitOf(number, {}, edge);
      const shown = await Promise.all(on.map(({ show }) => show?.(visit, edge)));
      return visitOf(number, Object.assign({}, ...shown) as Shown, edge);
    }),
  );
}

function visitOf(number: number, { parameter, cookie, authorization }: Shown, { config }: Edge): Sited {
  const query = ["utm_source=mail", `page=${number}`, ...(parameter === undefined ? [] : [parameter])].join("&");
  const cookies = [`session=${number}`, "theme=dark", "consent=1", ...(cookie === undefined ? [] : [cookie])].join(
    "; ",
  );
  const url = `https://www.example.com/articles/page-${number}.html?${query}`;
  return {
    id: String(number),
    method: "GET",
    url: parseAddress(url)!,
    fields: Fields.of({
      host: "www.example.com",
      ...browserFields,
      cookie: cookies,
      ...(authorization !== undefined && { authorization }),
    }),
    // All that is read of it.
    request: { url } as Request,
    client: { ip: addressOf(number), country: "DE", continent: "EU", asn: 64600 },
    startedAt: now,
    trail: new Trail(),
    site: config.sites.any!,
  };
}
