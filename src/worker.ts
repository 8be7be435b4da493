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
    if (isDue(bindings as Bindings)) await look(bindings as Bindings);
    if (serving) return serving.app.fetch(request, bindings, context);
    const { status, says } = reasons["bad-config"];
    return new Response(`${says}\n`, { status, headers: { "cache-control": "no-store" } });
  },
} satisfies ExportedHandler;

/** Whether it is time to look for a newer config. One that comes with the Worker stays the same as long as it runs. */
function isDue(bindings: Bindings): boolean {
  const mayChange = serving === undefined || bindings["CONFIG"] !== undefined;
  return mayChange && Date.now() - lookedAt >= configAge;
}

/** Only the first visit waits for a config; later ones find a newer one already there. */
async function look(bindings: Bindings): Promise<void> {
  const isFirst = serving === undefined;
  if (!isFirst) lookedAt = Date.now();
  const renewal = renew(bindings);
  if (!isFirst) return defer(renewal);
  await renewal;
  lookedAt = Date.now();
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
