/** Who may operate the edge: whoever has the token (RFC 6750). */
import { refuse, type Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { isSameSecret } from "../http/same.ts";
import type { Visit } from "../visit.ts";

/** The binding of the token. */
const tokenBinding = "ADMIN_TOKEN";

/** A bearer token as the client sends it (RFC 6750 §2.1); the scheme's letter case means nothing (RFC 9110 §11.1). */
const credentials = /^bearer +([\w\-.~+/]+=*) *$/i;

/**
 * Undefined when the visit carries the token, else the refusal. Without a token configured nobody is let in, and what
 * needs one isn't there at all: 404.
 */
export async function authorise({ fields }: Visit, edge: Edge): Promise<Answer | undefined> {
  const token = edge.secret(tokenBinding);
  if (token === undefined) return refuse("no-such-page");
  const [, given] = credentials.exec(fields.get("authorization") ?? "") ?? [];
  if (given === undefined) return refuse("unauthorised", { "www-authenticate": 'Bearer realm="perigee"' });
  if (await isSameSecret(given, token)) return undefined;
  return refuse("unauthorised", { "www-authenticate": 'Bearer realm="perigee", error="invalid_token"' });
}
