import type { Basic } from "../../config/access.ts";
import type { Edge } from "../../edge.ts";
import { toBase64Url } from "../../http/base64.ts";
import type { Identified } from "../../visit.ts";
import { isPassword, readUsers, type PasswordHash } from "./password.ts";
import { letPass, type Shown } from "./shown.ts";

/** The scheme's letter case means nothing (RFC 9110 §11.1). */
const credentials = /^basic +([\w+/-]+=*) *$/i;

/** A password is looked at once in so many milliseconds; after that its result is known. */
const knownFor = 600_000;

/** Stands in for who isn't there, so that it takes as long to say no. */
const nobody: PasswordHash = { iterations: 10_000, salt: "nobody-nobody-nobody", hash: "-".repeat(43) };

/** By a name and a password (RFC 7617). They are for the edge: the origin doesn't get them. */
export async function showPassword({ users, realm }: Basic, { fields }: Identified, edge: Edge): Promise<Shown> {
  const asking = { "www-authenticate": `Basic realm="${realm}", charset="UTF-8"` };
  const refused = (flaw: string): Shown => ({ kind: "refused", because: "sign-in-needed", flaw, fields: asking });
  const secret = edge.secret(users);
  if (secret === undefined) return { kind: "refused", because: "access-undecided", flaw: "no-secret" };
  const field = fields.get("authorization");
  if (field === undefined) return refused("none");
  const given = decode(credentials.exec(field)?.[1]);
  if (given === undefined) return refused("unreadable");
  const isKnown = await edge.lookups.wait(`password ${users} ${await digestOf(given)}`, {
    ask: async () => ({ value: await isUser(given, secret), fresh: knownFor }),
    stale: 0,
    again: 0,
  });
  return isKnown ? letPass({ fields: { authorization: undefined } }) : refused("wrong");
}

/** `NAME:PASSWORD`; the name can hold no colon. */
async function isUser(given: string, secret: string): Promise<boolean> {
  const colon = given.indexOf(":");
  const user = readUsers(secret).get(given.slice(0, Math.max(colon, 0)));
  return (await isPassword(given.slice(colon + 1), user ?? nobody)) && user !== undefined;
}

/** UTF-8 in base64; undefined for what is neither. */
function decode(base64: string | undefined): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64 ?? "~"), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function digestOf(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}
