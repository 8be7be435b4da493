/** The platform's entry: builds the Edge once per config and hands over to the app. */
import { createApp } from "./app.ts";
import { loadConfig } from "./config/config.ts";
import { arriver } from "./platform/cloudflare/arrive.ts";
import { createEdge } from "./platform/cloudflare/ports.ts";

type Bindings = Readonly<Record<string, unknown>>;
type App = ReturnType<typeof createApp>;

let app: App | undefined;

function appFor(bindings: Bindings): App {
  const loaded = loadConfig(bindings);
  if (loaded.kind === "problems") throw new Error("bad config");
  const edge = createEdge(loaded.config, bindings);
  return createApp(edge, arriver(edge));
}

export default {
  fetch(request, bindings, context) {
    app ??= appFor(bindings as Bindings);
    return app.fetch(request, bindings, context);
  },
} satisfies ExportedHandler;
