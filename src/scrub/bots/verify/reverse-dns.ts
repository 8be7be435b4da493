/** Names of addresses, confirmed: the address leads to a name, and the name leads back to it. */
import type { Edge } from "../../../edge.ts";
import { dnsQuestion, readDnsAnswer, reverseName, type DnsAnswer, type RecordType } from "../../../http/dns-message.ts";
import { toBase64Url } from "../../../http/base64.ts";
import { parseAddress, type Address } from "../../../http/ip.ts";
import { formatAddress } from "../../../http/ip-form.ts";
import type { Found } from "../../../lookups.ts";
import { fetchBytes, type Fetching } from "../../document.ts";

const [minute, hour] = [60_000, 3_600_000];

/** As many names of one address are looked at. */
const mostNames = 5;

/** One question (RFC 8484 §4.1). A message over HTTP is no longer than one over TCP. */
const fetching: Fetching = { accept: "application/dns-message", timeout: 5_000, most: 65_535, fresh: [0, 0] };

/** No such name (RFC 1035 §4.1.1): an answer like any other. */
const noSuchName = 3;

/**
 * Whether the address has a name in one of these domains that leads back to it; undefined when that isn't known yet. It is found out in
 * the background, at the resolver.
 */
export function isNamedIn(ip: string, domains: readonly string[], edge: Edge): boolean | undefined {
  const { resolver } = edge.config.settings.verify;
  const address = parseAddress(ip);
  if (resolver === undefined || !address) return undefined;
  const ask = async (): Promise<Found<boolean>> => {
    const value = await confirm(address, domains, { resolver, edge });
    return { value, fresh: value ? 24 * hour : hour };
  };
  return edge.lookups.known(`name ${domains.join(",")} ${ip}`, { ask, stale: hour, again: minute });
}

interface Resolving {
  readonly resolver: string;
  readonly edge: Edge;
}

async function confirm(address: Address, domains: readonly string[], resolving: Resolving): Promise<boolean> {
  const { values } = await resolve(reverseName(address), "PTR", resolving);
  const names = values.filter((name) => domains.some((domain) => name.endsWith(`.${domain}`) || name === domain));
  const type = address.length === 1 ? "A" : "AAAA";
  const own = formatAddress(address);
  for (const name of names.slice(0, mostNames)) {
    const back = await resolve(name, type, resolving);
    if (back.values.includes(own)) return true;
  }
  return false;
}

/** @throws when the resolver doesn't answer, or fails: that says nothing of the name. */
async function resolve(name: string, type: RecordType, { resolver, edge }: Resolving): Promise<DnsAnswer> {
  const question = dnsQuestion(name, type);
  if (!question) return { code: noSuchName, values: [] };
  const { value } = await fetchBytes(`${resolver}?dns=${toBase64Url(question)}`, fetching, edge);
  const answer = readDnsAnswer(value, type);
  if (!answer || ![0, noSuchName].includes(answer.code)) throw new Error("the resolver found out nothing");
  return answer;
}
