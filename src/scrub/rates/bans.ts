/** Clients that misbehave repeatedly, and are kept out for a while. */
import { refuse, type Answer } from "../../answer.ts";
import type { BanSettings } from "../../config/rates.ts";
import type { Edge } from "../../edge.ts";
import { groupOf } from "../../http/ip-form.ts";
import { mostOffenders, type Bans, type News } from "../../rates.ts";
import type { Clean, Proof, Sited } from "../../visit.ts";

/** Milliseconds from one look for new bans to the next while there are visits; and where somebody misbehaves here. */
const [usual, urgent] = [5_000, 1_000];

/** Milliseconds after which one who looks is given up: who looks for a visit can end with it. */
const longestLook = 10_000;

/** As many are known here: twice as many as are banned at once. */
const mostKnown = 20_000;

/** Of the misdeeds that make a ban, what one client has done untold when it gets urgent. */
const urgentShare = 0.25;

/** Refuses who is banned, as far as is known here. */
export function refuseBanned(visit: Clean, edge: Edge): Answer | undefined {
  const { bans: settings, group: length } = edge.config.settings;
  if (!settings) return undefined;
  lookAgain(settings, edge);
  const { banned } = edge.rates.bans;
  if (banned.size === 0 || isSafe(visit, settings)) return undefined;
  const left = (banned.get(groupOf(visit.client.ip, length)) ?? 0) - edge.now();
  if (left <= 0) return undefined;
  visit.trail.note("scrub", "banned");
  return refuse("banned", { "retry-after": String(Math.ceil(left / 1000)) });
}

/** Counts against the client what came of its visit, if the settings have it: a status, or that it was refused. */
export function noteMisdeed(visit: Sited & { readonly proof?: Proof }, what: "refused" | number, edge: Edge): void {
  const { bans: settings, group: length } = edge.config.settings;
  if (!settings?.of.has(what) || isSafe(visit, settings)) return;
  const group = groupOf(visit.client.ip, length);
  // Those of whom no address is known are not one client.
  if (group === "") return;
  const times = count(edge.rates.bans, group);
  if (times >= settings.policy.quota.burst * urgentShare) edge.rates.bans.isUrgent = true;
  lookAgain(settings, edge);
}

function isSafe({ proof, client }: Sited & { readonly proof?: Proof }, { isExcepted }: BanSettings): boolean {
  return proof === "verified" || isExcepted(client.ip);
}

function count({ offences }: Bans, group: string): number {
  const times = (offences.get(group) ?? 0) + 1;
  if (times > 1 || offences.size < mostOffenders) offences.set(group, times);
  return times;
}

/** When it is time to. */
function lookAgain({ policy }: BanSettings, edge: Edge): void {
  const { bans } = edge.rates;
  const pause = bans.isUrgent ? urgent : usual;
  if (edge.now() - bans.lookedAt < (bans.isLooking ? longestLook : pause)) return;
  bans.lookedAt = edge.now();
  bans.isLooking = true;
  edge.defer(look(bans, policy, edge));
}

/** Tells what was done here, and learns who is banned. */
async function look(bans: Bans, policy: BanSettings["policy"], { banning, now }: Edge): Promise<void> {
  const offences = [...bans.offences];
  bans.offences.clear();
  bans.isUrgent = false;
  try {
    learn(bans, await banning.look({ policy, offences, since: bans.seen }), now());
  } catch (error) {
    // Told again the next time.
    for (const [group, times] of offences) bans.offences.set(group, times + (bans.offences.get(group) ?? 0));
    console.error("The one who bans can't be reached:", error);
  } finally {
    bans.isLooking = false;
  }
}

function learn(bans: Bans, { bans: news, seen }: News, now: number): void {
  const { banned } = bans;
  for (const [group, lasts] of news) banned.set(group, now + lasts);
  bans.seen = seen;
  for (const [group, until] of banned) if (until <= now) banned.delete(group);
  for (const group of banned.keys()) {
    if (banned.size <= mostKnown) break;
    banned.delete(group);
  }
}
