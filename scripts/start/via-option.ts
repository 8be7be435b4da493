/** The option `--via BINDING=URL`: where a binding leads on this machine, by which origins are asked. */
import { nearest } from "../../src/config/nearest.ts";
import type { Ways } from "./serving.ts";
import { StartError } from "./start-error.ts";

/**
 * Where each binding leads, of those that the config has.
 * @param texts all `--via`.
 * @throws StartError that says what is wrong with one.
 */
export function parseWays(texts: readonly string[], bindings: readonly string[]): Ways {
  const ways: Record<string, string | undefined> = Object.fromEntries(bindings.map((name) => [name, undefined]));
  for (const text of texts) {
    const [, name, address] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    if (name === undefined || address === undefined) throw new StartError(`${form}, not ${text}.`);
    if (!Object.hasOwn(ways, name)) throw new StartError(unknown(name, bindings));
    if (ways[name] !== undefined) throw new StartError(`${name} is led to two places by --via.`);
    ways[name] = hostOf(address);
  }
  return ways;
}

const form = "Name a binding and where it leads, such as --via PRIVATE=http://127.0.0.1:3000";

function unknown(name: string, bindings: readonly string[]): string {
  const meant = nearest(name, bindings);
  const known = bindings.length === 0 ? "there is none" : `there is ${bindings.join(", ")}`;
  return `${name} is no binding of the config by which an origin can be asked; ${meant ? `did you mean ${meant}?` : `${known}.`}`;
}

/** Host and port: the origin's own URL says all else. */
function hostOf(address: string): string {
  const url = URL.parse(address);
  const isPlain = url?.protocol === "http:" && url.href === `${url.origin}/`;
  if (!isPlain) throw new StartError(`${form}: http, a host, perhaps a port, and nothing else.`);
  return url.port === "" ? `${url.host}:80` : url.host;
}
