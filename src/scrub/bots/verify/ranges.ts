/** The address ranges that those who run bots publish. */
import type { Edge } from "../../../edge.ts";
import { contains, parseAddress, parsePrefix, type Address, type Prefix } from "../../../http/ip.ts";
import type { Lookup } from "../../../lookups.ts";
import { fetchDocument, type Fetching } from "../../document.ts";

const hour = 3_600_000;

const fetching: Fetching = {
  accept: "application/json, text/plain",
  timeout: 10_000,
  most: 1 << 20,
  fresh: [24 * hour, 24 * hour],
};

/** As many prefixes of one document are read: those that are published have some hundreds. */
const mostPrefixes = 5_000;

/** Whether the address is in one of the documents at these URLs; undefined when that isn't known yet. Asks in the background. */
export function inRanges(ip: string, urls: readonly string[], edge: Edge): boolean | undefined {
  const address = parseAddress(ip);
  if (!address) return undefined;
  const found = new Set(urls.map((url) => has(edge.lookups.known(`ranges ${url}`, rangesAt(url, edge)), address)));
  if (found.has(true)) return true;
  return found.has(undefined) ? undefined : false;
}

function has(prefixes: readonly Prefix[] | undefined, address: Address): boolean | undefined {
  return prefixes?.some((prefix) => contains(prefix, address));
}

function rangesAt(url: string, edge: Edge): Lookup<readonly Prefix[]> {
  const ask = async () => {
    const { value, fresh } = await fetchDocument(url, fetching, edge);
    return { value: readRanges(value), fresh };
  };
  return { ask, stale: 7 * 24 * hour, again: hour / 6 };
}

/** Within quotes, or a line, or what white space and commas separate: every published form has prefixes so. */
const word = /[\da-f.:]+(?:\/\d{1,3})?/gi;

/**
 * The prefixes in a document, whatever its form: JSON with `ipv4Prefix` and the like, a list, a text.
 * @throws when there is none: an error page is no reason to take every bot for an impostor.
 */
export function readRanges(text: string): readonly Prefix[] {
  const prefixes: Prefix[] = [];
  for (const [written] of text.matchAll(word)) {
    // Numbers, words of hexadecimal letters and times of day are none.
    const prefix = /[.:]/.test(written) ? parsePrefix(written) : undefined;
    if (prefix && prefix.length > 0 && prefixes.push(prefix) >= mostPrefixes) break;
  }
  if (prefixes.length === 0) throw new TypeError("a document without address ranges");
  return prefixes;
}
