/** The platform's entry: builds the edge once for each config, and hands over to the app. */
import { createApp } from "./app.ts";
import { loadConfig, type Problem } from "./config/config.ts";
import { arriver } from "./platform/cloudflare/arrive.ts";
import { readDocument } from "./platform/cloudflare/config-document.ts";
import { createEdge, createIsolate, defer } from "./platform/cloudflare/ports.ts";
import { reasons } from "./reasons.ts";

type Bindings = Readonly<Record<string, unknown>>;

/** The app of one config. */
interface Serving {
  readonly version: string;
  readonly app: ReturnType<typeof createApp>;
}

/** How long a config in KV counts as current before it is looked at again, in milliseconds. */
const configAge = 30_000;

/** Outlives every config. */
const isolate = createIsolate();

let serving: Serving | undefined;
let lookedAt = 0;

export default {
  async fetch(request, bindings, context) {
    const { app } = (await current(bindings as Bindings)) ?? {};
    if (app) return app.fetch(request, bindings, context);
    const { status, says } = reasons["bad-config"];
    return new Response(`${says}\n`, { status, headers: { "cache-control": "no-store" } });
  },
} satisfies ExportedHandler;

/** The app of the newest good config. Only the first visit waits for it; later ones find a newer config already there. */
async function current(bindings: Bindings): Promise<Serving | undefined> {
  const now = Date.now();
  const isDue = now - lookedAt >= configAge;
  if (!isDue || (serving && !bindings["CONFIG"])) return serving;
  if (serving) {
    lookedAt = now;
    defer(renew(bindings));
  } else {
    await renew(bindings);
    lookedAt = now;
  }
  return serving;
}

/** Replaces what is serving, unless the config is the same, can't be read, or has problems. */
async function renew(bindings: Bindings): Promise<void> {
  const document = await readDocument(bindings["CONFIG"]).catch((error: unknown) => {
    console.error("The config in KV can't be read:", error);
    return undefined;
  });
  if (serving && !document) return;
  const loaded = loadConfig(document ?? bindings);
  if (loaded.kind === "problems") return report(loaded.problems);
  const { config } = loaded;
  if (config.version === serving?.version) return;
  const edge = createEdge(config, bindings, isolate);
  serving = { version: config.version, app: createApp(edge, arriver(edge)) };
}

function report(problems: readonly Problem[]): void {
  const kept = serving ? `; config ${serving.version} stays in force` : "";
  console.error(`The config has ${problems.length} problem(s)${kept}:`);
  for (const { at, says } of problems) console.error(`  ${at}: ${says}`);
}
