/** Door of the admin room: the edge's own pages, under `/.perigee/` on every host. */
import { refuse, type Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { Fields } from "../http/fields.ts";
import type { Visit } from "../visit.ts";
import { purge } from "./purge.ts";

type Page = (visit: Visit, edge: Edge) => Answer | Promise<Answer>;

/** Path → method → what it shows. HEAD is served wherever GET is. */
const pages: Readonly<Record<string, Readonly<Record<string, Page>>>> = {
  "/.perigee/health": { GET: health },
  "/.perigee/purge": { POST: purge },
};

/** The page the visit asks for: 404 where there is none, 405 for a method it doesn't have (RFC 9110 §15.5.6). */
export async function admin(visit: Visit, edge: Edge): Promise<Answer> {
  const { pathname } = visit.url;
  const methods = Object.hasOwn(pages, pathname) ? pages[pathname]! : undefined;
  if (!methods) return refuse("no-such-page");

  const method = visit.method === "HEAD" ? "GET" : visit.method;
  const page = Object.hasOwn(methods, method) ? methods[method]! : undefined;
  return page ? page(visit, edge) : refuse("method-not-allowed", { allow: allowed(Object.keys(methods)) });
}

/** That the edge is up and which config it runs. Anybody may ask, so it says nothing of sites and origins. */
function health(_visit: Visit, { config }: Edge): Answer {
  return {
    status: 200,
    fields: Fields.of({ "content-type": "application/json", "cache-control": "no-store" }),
    body: `${JSON.stringify({ status: "ok", version: config.version })}\n`,
  };
}

function allowed(methods: readonly string[]): string {
  return methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ");
}
