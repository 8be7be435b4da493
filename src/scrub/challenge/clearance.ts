/** What a client has that passed a challenge: a cookie, good for one site and the network it came from, until a time. */
import type { Edge } from "../../edge.ts";
import { takeCookie } from "../../http/cookie.ts";
import { ownCookie } from "../../http/set-cookie.ts";
import { groupOf } from "../../http/ip-form.ts";
import { seal, unseal } from "../../seal.ts";
import type { Sited } from "../../visit.ts";

/** The cookie's name. */
export const clearanceCookie = "perigee-clearance";

/** As many of that name are looked at. */
const mostCookies = 20;

/** Whether the client has passed one lately. */
export async function isCleared(visit: Sited, edge: Edge): Promise<boolean> {
  const { values = [] } = takeCookie(visit.fields.get("cookie") ?? "", clearanceCookie) ?? {};
  // Others may be of another path, or of a domain above.
  for (const value of values.slice(0, mostCookies)) {
    if (await unseal(edge, boundTo("clearance", visit, edge), value)) return true;
  }
  return false;
}

/** The line of Set-Cookie; undefined without a key. */
export async function clearanceFor(visit: Sited, edge: Edge): Promise<string | undefined> {
  const { clearance } = edge.config.settings.challenge;
  const sealed = await seal(edge, boundTo("clearance", visit, edge), { text: "", until: edge.now() + clearance });
  const { protocol } = visit.url;
  return sealed && ownCookie({ name: clearanceCookie, value: sealed, lasts: clearance, protocol });
}

/** For one site, and those who share an address or a network. */
export function boundTo(purpose: string, { site, client }: Sited, { config }: Edge): string {
  return `${purpose} ${groupOf(client.ip, config.settings.group)} ${site.name}`;
}
