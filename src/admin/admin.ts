/** Door of the admin room: the edge's own pages, mounted at `/.perigee/`. */
import { Hono } from "hono";
import type { Edge } from "../edge.ts";

export function admin(edge: Edge): Hono {
  const routes = new Hono();
  routes.get("/health", (context) => context.json({ status: "ok", config: edge.config.version }));
  return routes;
}
