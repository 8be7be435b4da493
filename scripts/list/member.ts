/** What stands in a list that is published or written by hand, one by one. */
import { formatAddress } from "../../src/http/ip-form.ts";
import { networkOf, parseAddress, parsePrefix } from "../../src/http/ip.ts";
import { parseMember, type Member } from "../../src/lists/lists.ts";

/**
 * As a list in a file has it. A text is a word, such as a country's code or a bot's name: all else is of another kind of file,
 * such as a page.
 */
export function readMember(written: string): Member | undefined {
  const member = parseMember(written);
  return member?.kind !== "word" || /^[\p{L}\p{N}._-]+$/u.test(member.word) ? member : undefined;
}

/** Why that is no member, in a sentence. */
export function explain(written: string): string {
  const what = JSON.stringify(written.length > 60 ? `${written.slice(0, 59)}…` : written);
  if (/^\d+$/.test(written)) return `${what} could be anything: write an AS number as AS${written}.`;
  if (/^as\d+$/i.test(written)) return `${what} is no AS number: the largest is AS4294967295.`;
  const meant = networkAround(written);
  if (meant !== undefined) return `${what} has bits set after its length; did you mean ${meant}?`;
  const [, inside = ""] = wrapped.exec(written) ?? [];
  if (parsePrefix(inside)) return `${what} is more than an address or prefix; did you mean ${inside}?`;
  if (parseMember(written))
    return `${what} is no address, prefix, range, AS number or word of letters, digits and "._-".`;
  const kind = written.includes("-") ? "range" : written.includes("/") ? "prefix" : "address";
  return `${what} is no ${kind}.`;
}

/** In quotes or brackets, with a port, or as a URL. */
const wrapped = /^(?:https?:\/\/)?["']?\[?([\da-f.:]+?(?:\/\d{1,3})?)\]?["']?(?::\d{1,5})?\/?$/i;

/** Of a prefix that has bits set after its length, the one without. */
function networkAround(written: string): string | undefined {
  const [, text = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(written) ?? [];
  const address = parseAddress(text);
  const length = Number(bits);
  if (!address || length > address.length * 32) return undefined;
  return `${formatAddress(networkOf(address, length))}/${length}`;
}
