/** The HTTP surface: the edge's own pages under `/.perigee/`, and everything else as a visit. */
import { Hono } from "hono";
import { admin } from "./admin/admin.ts";
import type { Edge } from "./edge.ts";
import { journey } from "./journey.ts";
import type { Visit } from "./visit.ts";

/** Turns a request into a visit; the platform's part of it is known only to `worker.ts`. */
export type Arrive = (request: Request) => Visit;

/** The app for one edge. */
export function createApp(edge: Edge, arrive: Arrive): Hono {
  const app = new Hono();
  app.route("/.perigee", admin(edge));
  app.all("*", (context) => journey(arrive(context.req.raw), edge));
  return app;
}
