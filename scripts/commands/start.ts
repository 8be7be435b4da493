/** `perigee start`: an edge on this machine, for the demo, for origins given by URL, or for a config. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { loadConfig, type Bound } from "../../src/config/config.ts";
import { boundIn } from "../../src/platform/cloudflare/bound.ts";
import { giveUp } from "../command-error.ts";
import { root } from "../project.ts";
import { endProperly } from "../ending.ts";
import { announceDemo, announceEdge, type RunningEdge } from "../start/announce.ts";
import { examples, places, serveDemo } from "../start/demo.ts";
import { parseOrigins, serveOrigins } from "../start/origin-option.ts";
import { startOrigins } from "../start/origins.ts";
import { findPort, host, parsePort } from "../start/port.ts";
import { withSecrets } from "../start/secrets.ts";
import { withSettings, type Serving } from "../start/serving.ts";
import { StartError } from "../start/start-error.ts";
import { readServing } from "../start/wrangler-file.ts";
import { render } from "./check.ts";

interface StartOptions {
  readonly port: number;
  readonly origin?: readonly string[];
  readonly config?: string;
  readonly via?: readonly string[];
  readonly trail?: boolean;
  readonly log?: boolean;
  readonly fresh?: boolean;
}

const examplesOfUse = `
Examples:
  npm start                                                   the demo: three origins, and what to try
  npm start -- --origin https://www.example.com               your site behind the edge
  npm start -- --origin https://eu.example.com@50.1,8.7 \\
               --origin https://us.example.com@39.0,-77.5     … at two places, the nearest first
  npm start -- --config wrangler.toml --trail --log           the config as it would be deployed

A visitor's place is where the request says it is (this works on this machine only):
  curl -si http://127.0.0.1:8787/ -H 'cf-iplatitude: 52.52' -H 'cf-iplongitude: 13.40'
Also: cf-ipcountry, cf-ipcontinent, cf-ipcity, cf-timezone, cf-asn, cf-connecting-ip.`;

export function startCommand(): Command {
  return new Command("start")
    .description("Serve on this machine: the demo, origins given by URL, or a config.")
    .option(
      "-p, --port <number>",
      "port of the edge on 127.0.0.1; 0 for any that is free, with a cache that isn't kept",
      parsePort,
      8787,
    )
    .option("-o, --origin <url[@lat,lon]>", "front this origin, with the default settings (repeatable)", collect)
    .addOption(new Option("-c, --config <file>", "serve the [vars] of this wrangler.toml").conflicts("origin"))
    .addOption(
      new Option(
        "--via <binding=url>",
        "where a binding of --config leads here, by which an origin is asked (repeatable)",
      )
        .argParser(collect)
        .conflicts("origin"),
    )
    .option("--trail", "show in every answer what each room decided, and the origin's name (the demo always does)")
    .option("--log", "write the whole access log to the standard output, a JSON line a visit; else only errors")
    .option("--fresh", "forget what earlier runs cached")
    .addHelpText("after", examplesOfUse)
    .action(start);
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

async function start(options: StartOptions, command: Command): Promise<void> {
  endProperly();
  try {
    // First of all: a taken port must not leave anything behind.
    const port = await findPort(options.port);
    console.log(await choose(options)(options, port));
  } catch (error) {
    if (error instanceof BadConfig) command.error(error.message);
    giveUp(error, command);
  }
}

/** Starts something and resolves to what there is to say of it. */
type Start = (options: StartOptions, port: number) => Promise<string>;

function choose({ config, origin, via }: StartOptions): Start {
  if (config !== undefined)
    return (options, port) => serve(withSecrets(readServing(config, via), dirname(config)), options, port);
  if (via !== undefined) throw new StartError("--via goes with --config, whose bindings it leads somewhere.");
  if (origin !== undefined)
    return (options, port) => serve(withSecrets(serveOrigins(parseOrigins(origin)), root), options, port);
  return demo;
}

async function demo(options: StartOptions, port: number): Promise<string> {
  const origins = await startOrigins(places);
  const edge = await run(withSecrets(serveDemo(origins), root), options, port);
  return announceDemo(edge, origins, examples(edge.url, origins, Date.now().toString(36)));
}

async function serve(serving: Serving, options: StartOptions, port: number): Promise<string> {
  return announceEdge(await run(serving, options, port), serving.ways);
}

/** What the Worker is going to have. */
function boundTo({ vars, rateLimits, kv, r2, ways }: Serving): Bound {
  const [limiters, fetchers] = [Object.keys(rateLimits), Object.keys(ways)];
  return { ...boundIn(vars), limiters, fetchers, namespaces: kv, buckets: r2 };
}

/** The config has problems; the message lists them all, as `check` does. */
class BadConfig extends Error {}

async function run(serving: Serving, options: StartOptions, port: number): Promise<RunningEdge> {
  const loaded = loadConfig(serving.vars, boundTo(serving));
  if (loaded.kind === "problems") {
    throw new BadConfig(render(serving.name, { kind: "wrong", problems: loaded.problems }));
  }
  const log = options.log ? "all" : serving.log;
  const vars = withSettings(serving.vars, { localVisitors: true, log, ...(options.trail && { trail: true }) });
  // Loading the runtime takes longer than all the rest: not for --help, nor for a mistake.
  const { startEdge } = await import("../start/edge.ts");
  const pid = await startEdge({ ...serving, vars }, { port, store: prepareStore(serving, options), onCrash: crash });
  const origins = loaded.config.origins.map(({ url, base }) => url.origin + base);
  return { url: `http://${host}:${port}`, pid, origins };
}

/**
 * The directory that keeps the cache from one run to the next: one for each thing that is served and each port, since
 * two edges can't write to one. A port that was not chosen is not found again, and neither would its directory be.
 */
function prepareStore({ slug }: Serving, { port, fresh }: StartOptions): string | undefined {
  if (port === 0) return undefined;
  const store = join(root, ".perigee", `${slug}-${port}`);
  if (fresh) rmSync(store, { recursive: true, force: true });
  return store;
}

function crash(): never {
  console.error("workerd, which runs the edge, ended unexpectedly; stopping.");
  process.exit(1);
}
