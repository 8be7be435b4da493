/** Cloudflare's Turnstile: the client got a token from there, which is shown there. */
import type { Challenging } from "../../config/challenge.ts";
import { discard } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import { readWhole } from "../../http/stream.ts";
import type { Sited } from "../../visit.ts";

const verifyUrl = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

/** Milliseconds until it has answered. The one who waits is who brings a token. */
const patience = 5_000;

/** Whether Turnstile says that the token is good, and was made for this host. Not when it can't be asked, or there is no secret. */
export async function isGoodToken(token: string, visit: Sited, { edge, turnstile }: Asking): Promise<boolean> {
  const secret = edge.secret(turnstile.secret);
  if (secret === undefined || token === "" || token.length > 2_048) return false;
  const time = new AbortController();
  const stop = edge.after(patience, () => time.abort());
  try {
    const body = new URLSearchParams({ secret, response: token, remoteip: visit.client.ip });
    const response = await edge.fetch(verifyUrl, { method: "POST", body, signal: time.signal });
    if (response.status !== 200 || !response.body) {
      discard(response.body);
      return false;
    }
    const said = JSON.parse(new TextDecoder().decode(await readWhole(response.body, 16_384))) as Readonly<
      Record<string, unknown>
    >;
    return said["success"] === true && said["hostname"] === visit.url.hostname;
  } catch {
    return false;
  } finally {
    stop();
  }
}

interface Asking {
  readonly edge: Edge;
  readonly turnstile: NonNullable<Challenging["turnstile"]>;
}
