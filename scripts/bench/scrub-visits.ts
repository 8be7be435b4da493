/** Ordinary visits, and an edge that scrubs them. Runs inside workerd. */
import { loadConfig } from "../../src/config/config.ts";
import type { Edge } from "../../src/edge.ts";
import { arriver } from "../../src/platform/cloudflare/arrive.ts";
import { createEdge } from "../../src/platform/cloudflare/ports.ts";
import type { Sited } from "../../src/visit.ts";
import { browserFields } from "../load/browser.ts";
import { BenchError } from "./bench-error.ts";
import { addressOf, secrets, type Shown, type Step } from "./scrub-steps.ts";

/** An edge with these steps on. */
export function edgeWith(on: readonly Step[]): Edge {
  const bindings = {
    ORIGINS: [{ name: "origin", url: "https://origin.example" }],
    SITES: [{ hosts: ["*"], origins: ["origin"], ...Object.assign({}, ...on.map(({ site }) => site)) }],
    RULES: on.flatMap(({ rules = [] }) => rules),
    LISTS: Object.assign({}, ...on.map(({ lists }) => lists)),
    SETTINGS: Object.assign({}, ...on.map(({ settings }) => settings)),
  };
  const loaded = loadConfig(bindings);
  if (loaded.kind === "problems") throw new BenchError(JSON.stringify(loaded.problems.slice(0, 3)));
  return createEdge(loaded.config, secrets);
}

/**
 * Visits to that site of people with a browser, each with an address of its own, who show what the steps ask for. Another edge makes
 * that: the one that is timed would remember what it has once signed.
 */
export async function visitsTo(
  site: Sited["site"],
  on: readonly Step[],
  numbers: readonly number[],
): Promise<readonly Sited[]> {
  const edge = edgeWith([]);
  const arrive = arriver(edge);
  const sited = (number: number, shown: Shown): Sited => ({
    ...arrive(requestOf(number, shown))!,
    site,
  });
  return Promise.all(
    numbers.map(async (number) => {
      const visit = sited(number, {});
      const shown = await Promise.all(on.flatMap(({ show }) => (show ? [show(visit, edge)] : [])));
      return sited(number, Object.assign({}, ...shown) as Shown);
    }),
  );
}

function requestOf(number: number, { parameter, cookie, authorization }: Shown): Request {
  const query = ["utm_source=mail", `page=${number}`, ...(parameter === undefined ? [] : [parameter])].join("&");
  const cookies = [`session=${number}`, "theme=dark", "consent=1", ...(cookie === undefined ? [] : [cookie])];
  return new Request(`https://www.example.com/articles/page-${number}.html?${query}`, {
    headers: {
      host: "www.example.com",
      ...browserFields,
      "cf-connecting-ip": addressOf(number),
      cookie: cookies.join("; "),
      ...(authorization !== undefined && { authorization }),
    },
    cf: { country: "DE", continent: "EU", asn: 64600, httpProtocol: "HTTP/2", tlsVersion: "TLSv1.3" },
  });
}
