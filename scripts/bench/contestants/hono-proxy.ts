/** The proxy helper of Hono, used as its documentation shows. */
import { Hono } from "hono";
import { proxy } from "hono/proxy";

const app = new Hono<{ Bindings: { readonly ORIGIN: string } }>();

app.all("*", (context) =>
  proxy(context.env.ORIGIN + context.req.path, {
    raw: context.req.raw,
    headers: { ...context.req.header(), "X-Forwarded-Host": context.req.header("host") },
  }),
);

export default app;
