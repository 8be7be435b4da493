/** The option `--origin URL[@LAT,LON]`. */
import type { Serving } from "./serving.ts";
import { StartError } from "./start-error.ts";
import { digest } from "./wrangler-file.ts";

/** An origin as the binding ORIGINS has it. */
export interface OriginVar {
  readonly name: string;
  readonly url: string;
  readonly at?: readonly [latitude: number, longitude: number];
}

/** Only at the very end and only two numbers: a user name before the host, or a path, may hold an "@" too. */
const position = /@([-+]?\d+(?:\.\d+)?),([-+]?\d+(?:\.\d+)?)$/;

/** The origins of all `--origin`, named after their hosts. Throws a StartError that says what is wrong with one. */
export function parseOrigins(texts: readonly string[]): readonly OriginVar[] {
  return texts.reduce<readonly OriginVar[]>((before, text) => [...before, parseOrigin(text, before)], []);
}

function parseOrigin(text: string, before: readonly OriginVar[]): OriginVar {
  const [suffix = "", latitude, longitude] = position.exec(text) ?? [];
  const url = parseUrl(text.slice(0, text.length - suffix.length));
  const at = latitude === undefined ? {} : { at: parsePosition(latitude, longitude!) };
  return { name: nameFor(url, before), url: url.origin + url.pathname, ...at };
}

/** Those origins for every host, under the default settings. */
export function serveOrigins(origins: readonly OriginVar[]): Serving {
  const names = origins.map(({ name }) => name);
  return {
    name: "--origin",
    slug: `origins-${digest(origins.map(({ url }) => url).join(" "))}`,
    vars: { ORIGINS: origins, SITES: [{ hosts: ["*"], origins: names }] },
    rateLimits: {},
    kv: [],
    r2: [],
    ways: {},
    log: "errors",
  };
}

function parseUrl(text: string): URL {
  // What was typed isn't repeated when it may hold a password.
  if (!URL.canParse(text)) throw new StartError("Give a URL such as https://www.example.com or http://127.0.0.1:3000.");
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) throw new StartError(`An origin speaks http or https, not ${url.protocol}`);
  if (url.username || url.password) {
    throw new StartError(
      "A URL with a user name or password is not supported: let the origin trust the edge another way.",
    );
  }
  if (url.search || url.hash)
    throw new StartError("An origin's URL has no query and no fragment; the visitor's go there.");
  return url;
}

function parsePosition(latitude: string, longitude: string): readonly [number, number] {
  const [lat, lon] = [Number(latitude), Number(longitude)];
  if (Math.abs(lat) > 90) throw new StartError(`The latitude ${latitude} is not between -90 and 90.`);
  if (Math.abs(lon) > 180) throw new StartError(`The longitude ${longitude} is not between -180 and 180.`);
  return [lat, lon];
}

/** Its host and port in letters, digits and hyphens; numbered when another has that name. */
function nameFor({ host }: URL, before: readonly OriginVar[]): string {
  const plain =
    host
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 50) || "origin";
  const taken = new Set(before.map(({ name }) => name));
  for (let name = plain, number = 2; ; name = `${plain}-${number++}`) if (!taken.has(name)) return name;
}
