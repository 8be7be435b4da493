/** For who runs no scripts: a token that is good only after a while, and once. */
import type { Edge } from "../../edge.ts";
import { seal, unseal } from "../../seal.ts";
import type { Sited } from "../../visit.ts";
import { boundTo } from "./clearance.ts";

/** Milliseconds in which it must be brought back, once it is good. */
const time = 300_000;

/** Undefined without a key. */
export async function giveToken(visit: Sited, edge: Edge): Promise<string | undefined> {
  const from = edge.now() + edge.config.settings.challenge.wait;
  const nonce = Math.floor(edge.random() * 2 ** 48).toString(36);
  return seal(edge, boundTo("wait", visit, edge), { text: `${from.toString(36)}-${nonce}`, until: from + time });
}

/** Whether this client was given it here, has waited, and brings it for the first time. */
export async function hasWaited(token: string, visit: Sited, edge: Edge): Promise<boolean> {
  const sealed = await unseal(edge, boundTo("wait", visit, edge), token);
  if (!sealed) return false;
  const from = Number.parseInt(sealed.text.split("-", 1)[0]!, 36);
  return from <= edge.now() && edge.firstTime(`wait ${sealed.text}`, sealed.until);
}
