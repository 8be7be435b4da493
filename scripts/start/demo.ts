/** The demo: three origins far apart, an edge in front of them, and what to try. */
import type { DemoOrigin } from "./origins.ts";
import type { Serving } from "./serving.ts";

export interface DemoPlace {
  readonly name: string;
  /** Degrees. */
  readonly at: readonly [latitude: number, longitude: number];
}

export const places: readonly DemoPlace[] = [
  { name: "frankfurt", at: [50.11, 8.68] },
  { name: "virginia", at: [38.95, -77.45] },
  { name: "singapore", at: [1.35, 103.99] },
];

/** The config of the demo, as a wrangler.toml would have it in `[vars]`. */
export function serveDemo(origins: readonly DemoOrigin[]): Serving {
  return {
    name: "the demo's config",
    slug: "demo",
    vars: {
      ORIGINS: origins.map(({ name, url, at }) => ({ name, url, at })),
      SITES: [{ hosts: ["*"], origins: origins.map(({ name }) => name) }],
      LISTS: {
        offices: ["192.0.2.0/24", "2001:db8:51::/48"],
        "ai-crawlers": ["gptbot", "claudebot", "ccbot", "bytespider"],
      },
      RULES: [
        {
          name: "offices only",
          when: 'request.path.startsWith("/admin") && !inList(client.ip, "offices")',
          block: 403,
        },
        { name: "no AI crawlers", when: 'inList(client.bot, "ai-crawlers")', block: 403 },
      ],
      SETTINGS: { trail: true },
    },
    rateLimits: {},
    kv: [],
    r2: [],
    ways: {},
    log: "none",
  };
}

/** Something to try: what one will see, and the command that shows it. */
export interface Example {
  readonly shows: string;
  readonly command: string;
}

/** Where a visitor of the examples is. */
interface City {
  readonly name: string;
  readonly latitude: string;
  readonly longitude: string;
}

const berlin: City = { name: "Berlin", latitude: "52.52", longitude: "13.40" };
const tokyo: City = { name: "Tokyo", latitude: "35.68", longitude: "139.69" };

/** @param run differs from one start to the next, so that what an earlier one cached isn't in the way of a miss. */
export function examples(edge: string, origins: readonly DemoOrigin[], run: string): readonly Example[] {
  const frankfurt = origins.find(({ name }) => name === "frankfurt")!;
  const css = `'${edge}/asset.css?v=${run}'`;
  return [
    { shows: "Berlin is served by frankfurt: see perigee-trail, and what the origin saw", command: echo(edge, berlin) },
    { shows: "Tokyo is served by singapore", command: echo(edge, tokyo) },
    {
      shows: "A cache miss, then a hit",
      command: `curl -sD- -o /dev/null ${css} -o /dev/null ${css} | grep -i -e ^HTTP -e ^cache-status -e ^age`,
    },
    { shows: "Blocked by a rule: /admin is for the offices only", command: `curl -si ${edge}/admin` },
    { shows: "Blocked by a rule: an AI crawler", command: `curl -si -A GPTBot/1.2 ${edge}/page.html` },
    {
      shows: "A page as it is, and compressed",
      command: `${size(edge, "plain")}; ${size(edge, "compressed", "--compressed ")}`,
    },
    {
      shows: "frankfurt dies, and Berlin is served by the next nearest",
      command: `kill ${frankfurt.pid}; ${echo(edge, berlin)}`,
    },
  ];
}

function echo(edge: string, { latitude, longitude }: City): string {
  return `curl -si ${edge}/echo -H 'cf-iplatitude: ${latitude}' -H 'cf-iplongitude: ${longitude}'`;
}

function size(edge: string, label: string, options = ""): string {
  return `curl ${options}-so /dev/null -w '%{size_download} bytes ${label}\\n' ${edge}/page.html`;
}
