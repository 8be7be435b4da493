/** Whether bots are who they say. */
import type { Edge } from "../../../edge.ts";
import type { Proof, Sited } from "../../../visit.ts";
import { inRanges } from "./ranges.ts";
import { isNamedIn } from "./reverse-dns.ts";
import { bySignature } from "./signature.ts";
import type { Verdict } from "./verdict.ts";

export type { Verdict } from "./verdict.ts";

/**
 * What is known of who the bot is: by its signature, else by its address. At once, but for a signature: nothing else is waited
 * for, and what isn't known yet is found out in the background for the visits after this one.
 * @param bot its name; "" for what looks like a person.
 */
export function verify(visit: Sited, bot: string, edge: Edge): Verdict | Promise<Verdict> {
  return bySignature(visit, bot, edge) ?? byAddress(visit, bot, edge);
}

/**
 * By the ranges that are published and by the names of addresses: one that says yes is enough, and only when all that can be
 * asked say no it is somebody else.
 */
function byAddress({ client }: Sited, bot: string, edge: Edge): Verdict {
  if (bot === "") return { proof: "none" };
  const { identities, ranges, resolver } = edge.config.settings.verify;
  const { ranges: urls, dns } = identities.get(bot) ?? {};
  const told: [by: string, isIt: boolean | undefined][] = [];
  if (ranges && urls) told.push(["ranges", inRanges(client.ip, urls, edge)]);
  if (resolver !== undefined && dns) told.push(["dns", isNamedIn(client.ip, dns, edge)]);
  if (told.length === 0) return { proof: "claimed" };
  const yes = told.find(([, isIt]) => isIt === true);
  if (yes) return { proof: "verified", by: yes[0] };
  const proof: Proof = told.every(([, isIt]) => isIt === false) ? "impostor" : "claimed";
  return { proof, by: proof === "claimed" ? "not-yet" : told.map(([by]) => by).join("+") };
}
