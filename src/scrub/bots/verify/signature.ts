/** Bots that sign what they ask for (Web Bot Auth, over RFC 9421). */
import type { Edge } from "../../../edge.ts";
import { signatureBase } from "../../../http/message-signature.ts";
import type { Sited } from "../../../visit.ts";
import { claimOf, type Claim } from "./claim.ts";
import { directoryOf } from "./directory.ts";
import type { Verdict } from "./verdict.ts";

/** Seconds that clocks may differ. */
const skew = 60;

/** Seconds that a signature may be good for: one that is good for longer can be used by others for as long. */
const longest = 24 * 3600;

/**
 * What the bot's signature shows; undefined when it has none, which costs a look at two fields.
 * A signature that is wrong shows that somebody uses what isn't theirs; one whose keys aren't to be had shows nothing.
 */
export function bySignature(visit: Sited, bot: string, edge: Edge): Promise<Verdict> | undefined {
  if (!edge.config.settings.verify.signatures) return undefined;
  const claim = claimOf(visit.fields);
  if (claim === undefined) return undefined;
  return judge(claim, { visit, bot, edge });
}

interface Asking {
  readonly visit: Sited;
  readonly bot: string;
  readonly edge: Edge;
}

async function judge(claim: Claim | "unreadable", { visit, bot, edge }: Asking): Promise<Verdict> {
  if (claim === "unreadable") return { proof: "claimed", by: "signature:unreadable" };
  const { host } = claim;
  const named = host === undefined ? [] : botsOf(host, edge);
  if (host === undefined || named.length === 0) return { proof: "claimed", by: "signature:unknown-agent" };
  const wrongTime = flawOfTime(claim, edge.now() / 1000);
  if (wrongTime) return impostor(wrongTime);
  const key = await keyOf(claim, host, edge);
  if (typeof key === "string")
    return key === "no-directory" ? { proof: "claimed", by: `signature:${key}` } : impostor(key);
  if (!(await isSigned(claim, key, visit))) return impostor("wrong");
  if (
    claim.nonce !== undefined &&
    !edge.firstTime(`nonce ${claim.keyid} ${claim.nonce}`, (claim.expires + skew) * 1000)
  ) {
    return impostor("replayed");
  }
  if (edge.config.settings.verify.identities.has(bot) && !named.includes(bot)) return impostor("another-bot");
  return { proof: "verified", by: "signature", bot: named.includes(bot) ? bot : named[0]! };
}

function impostor(flaw: string): Verdict {
  return { proof: "impostor", by: `signature:${flaw}` };
}

/** The bots that sign with the keys of that host. */
function botsOf(host: string, { config }: Edge): readonly string[] {
  return [...config.settings.verify.identities].flatMap(([bot, { agents }]) => (agents?.includes(host) ? [bot] : []));
}

/** @param now seconds since the epoch. */
function flawOfTime({ created, expires }: Claim, now: number): string | undefined {
  if (created > now + skew) return "not-yet";
  if (expires <= now - skew) return "expired";
  return expires - created > longest ? "too-long" : undefined;
}

/** A key that was made since the directory was read is looked for there once more. */
async function keyOf({ keyid }: Claim, host: string, edge: Edge): Promise<CryptoKey | "no-directory" | "unknown-key"> {
  const name = `directory ${host}`;
  const lookup = directoryOf(host, edge);
  const directory = await edge.lookups.wait(name, lookup);
  if (!directory) return "no-directory";
  const found = directory.get(keyid) ?? (await edge.lookups.renew(name, lookup))?.get(keyid);
  return found && found.from <= edge.now() && edge.now() < found.until ? found.key : "unknown-key";
}

async function isSigned({ input, signature }: Claim, key: CryptoKey, { method, url, fields }: Sited): Promise<boolean> {
  const base = signatureBase(input, { method, url, field: (name) => fields.get(name) });
  return (
    base !== undefined && crypto.subtle.verify({ name: "Ed25519" }, key, signature, new TextEncoder().encode(base))
  );
}
