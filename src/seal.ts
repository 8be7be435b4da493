/** Texts that only this edge can have written, for cookies and URLs: signed, true for one purpose, and until a time. */
import type { Edge } from "./edge.ts";
import { isSameMac } from "./http/same.ts";

/** The binding of the key. */
const key = "SIGNING_KEY";

/**
 * `TIME.TEXT.MAC`: the time is in seconds since the epoch, in base 36.
 * @param purpose what it is for and what it is bound to, such as a site and an address; who opens it names the same.
 * @param text of letters, digits and `-_` (as base64url has them): it can be read by everybody.
 * @param until milliseconds since the epoch.
 * @returns undefined without the secret `SIGNING_KEY`.
 */
export async function seal(edge: Edge, purpose: string, what: Sealed): Promise<string | undefined> {
  const { body, toMac } = unsealed(purpose, what);
  const mac = await edge.mac(key, toMac);
  return mac && `${body}.${mac}`;
}

/** What stands before the MAC, and the text that the MAC is of: for those who seal without an edge. */
export function unsealed(purpose: string, { text, until }: Sealed): { readonly body: string; readonly toMac: string } {
  const body = `${Math.ceil(until / 1000).toString(36)}.${text}`;
  return { body, toMac: toSign(purpose, body) };
}

/** What was sealed for that purpose; undefined when it is none of ours, was changed, is for something else, or its time is up. */
export async function unseal(edge: Edge, purpose: string, sealed: string): Promise<Sealed | undefined> {
  const [, body = "", time = "", text = "", given = ""] = (sealed.length <= longest && form.exec(sealed)) || [];
  const until = Number.parseInt(time, 36) * 1000;
  if (!(edge.now() < until)) return undefined;
  return (await isMacOf(edge, key, { text: toSign(purpose, body), mac: given })) ? { text, until } : undefined;
}

/** Whether the text was signed by the secret of that name, or by the one before it, which has `_OLD` behind its name. */
export async function isMacOf(edge: Edge, secret: string, { text, mac }: Signed): Promise<boolean> {
  for (const name of [secret, `${secret}_OLD`]) {
    const own = await edge.mac(name, text);
    if (own !== undefined && isSameMac(own, mac)) return true;
  }
  return false;
}

interface Signed {
  readonly text: string;
  /** As {@link Edge.mac} gives it. */
  readonly mac: string;
}

export interface Sealed {
  readonly text: string;
  readonly until: number;
}

/** Whether anything can be sealed. */
export function canSeal(edge: Edge): boolean {
  return edge.secret(key) !== undefined;
}

/** 256 bits are 43 characters of base64url. */
const form = /^(([0-9a-z]{1,8})\.([\w-]*))\.([\w-]{43})$/;

/** Characters of what is sealed, as a cookie has them. What is longer is none of ours, and not worth the work. */
const longest = 4_096;

/** What is signed for one thing is never taken for another. */
function toSign(purpose: string, body: string): string {
  return `seal ${purpose.length} ${purpose} ${body}`;
}
