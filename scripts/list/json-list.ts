/** Lists in the JSON that networks are published in. */
import { parsePrefix } from "../../src/http/ip.ts";
import type { Member } from "../../src/lists/lists.ts";
import { readMember } from "./member.ts";

/** What was found, and where it is wrong: a text of the document and what it should have been. */
export interface JsonList {
  readonly members: readonly Member[];
  readonly wrong: readonly string[];
}

/** Names of fields that have nothing but addresses, prefixes and ranges: `ipv4Prefix`, `ip_prefix`, `addressPrefixes`, `cidrs`. */
const ofAddresses = /prefix|cidr|address|range|^ips?$/i;

/**
 * The members of a document, whatever its form: all addresses, prefixes and ranges in fields that are named for them, and
 * whatever has the form of one in any other; a document that is a list of texts has members of any kind.
 * @param document as `JSON.parse` gives it.
 */
export function readJsonList(document: unknown): JsonList {
  const found = { members: [] as Member[], wrong: [] as string[] };
  const isPlain = Array.isArray(document) && document.every((one) => typeof one !== "object");
  collect(document, isPlain ? "prefixes" : "", (text, name) => {
    const member = ofAddresses.test(name) ? readMember(text) : prefixIn(text);
    if (member && (isPlain || member.kind === "prefixes")) found.members.push(member);
    else if (ofAddresses.test(name)) found.wrong.push(text);
  });
  return found;
}

/** Of what may be a name or a time as well. */
function prefixIn(text: string): Member | undefined {
  const prefix = parsePrefix(text);
  return prefix && { kind: "prefixes", prefixes: [prefix] };
}

/** Tells every text below, and the name of the field that it, or the list it is in, stands in. */
function collect(value: unknown, name: string, tell: (text: string, name: string) => void): void {
  if (typeof value === "string") tell(value, name);
  else if (Array.isArray(value)) for (const each of value) collect(each, name, tell);
  else if (typeof value === "object" && value !== null) {
    for (const [field, each] of Object.entries(value)) collect(each, field, tell);
  }
}
