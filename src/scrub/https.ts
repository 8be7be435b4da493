/** Sites that are asked by https alone. */
import type { Answer } from "../answer.ts";
import type { Settings } from "../config/model.ts";
import { Fields } from "../http/fields.ts";
import type { Sited } from "../visit.ts";

/**
 * The way to the same URL by https, for one who came by http: 301 for what is only looked at, and 308 for the rest, which is then
 * sent again as it is (RFC 9110 §15.4.2, §15.4.9). Undefined for all others.
 *
 * It never leads round in a circle: also one who came by https to somebody in front of the edge has come by https. To say so
 * wrongly spares nobody anything but this.
 */
export function redirectToHttps(visit: Sited, { localVisitors }: Settings): Answer | undefined {
  const { site, url, client, method, trail } = visit;
  if (!site.https || url.protocol !== "http:" || localVisitors) return undefined;
  if (client.tls !== undefined || saysHttps(visit)) return undefined;
  trail.note("scrub", "https-only");
  const status = method === "GET" || method === "HEAD" ? 301 : 308;
  const location = `https://${url.hostname}${url.href.slice(url.origin.length)}`;
  return { status, fields: Fields.of({ location }), body: null, because: "https-only" };
}

/** In the words of whoever takes TLS off in front of a server (RFC 7239 §5.4, and what was there before it). */
function saysHttps({ fields }: Sited): boolean {
  const said = /^\s*https\b/i;
  return (
    said.test(fields.get("x-forwarded-proto") ?? "") ||
    /(?:^|[;,\s])proto="?https\b/i.test(fields.get("forwarded") ?? "") ||
    /"scheme"\s*:\s*"https"/.test(fields.get("cf-visitor") ?? "")
  );
}
