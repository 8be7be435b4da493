/** `perigee purge`: tells a running edge what to forget. */
import { Command, InvalidArgumentError } from "commander";

interface PurgeOptions {
  readonly edge: URL;
  readonly tokenEnv: string;
  readonly url: readonly string[];
  readonly tag: readonly string[];
  readonly prefix: readonly string[];
  readonly site: readonly string[];
  readonly everything: boolean;
  readonly soft: boolean;
}

/** What the edge answers to an order, as far as it is shown. */
interface Report {
  readonly marks: readonly { readonly scope: string; readonly name: string }[];
  readonly reach: string;
  /** Seconds. */
  readonly within?: number;
  readonly note?: string;
}

/** Milliseconds that the edge has to answer. */
const patience = 30_000;

const examplesOfUse = `
The token is the edge's secret ADMIN_TOKEN. It is taken from an environment variable, never from the command line:
  npx wrangler secret put ADMIN_TOKEN                     once, for the deployed edge
  export ADMIN_TOKEN=…                                    here

Examples:
  npm run perigee -- purge --edge https://www.example.com --url https://www.example.com/page
  npm run perigee -- purge --edge https://www.example.com --tag news --tag front-page --soft
  npm run perigee -- purge --edge https://www.example.com --prefix https://www.example.com/blog/
  npm run perigee -- purge --edge https://www.example.com --site www
  npm run perigee -- purge --edge https://www.example.com --everything`;

export function purgeCommand(): Command {
  return new Command("purge")
    .description("Make a running edge forget what it has cached.")
    .requiredOption("-e, --edge <url>", "where the edge answers", parseEdge)
    .option("--token-env <name>", "the environment variable that holds the token", "ADMIN_TOKEN")
    .option("--url <url>", "what is cached for this URL, all its variants (repeatable)", collect, [])
    .option("--tag <tag>", "what the origin tagged so, by Cache-Tag or Surrogate-Key (repeatable)", collect, [])
    .option("--prefix <url>", "this URL's path, and all below it (repeatable)", collect, [])
    .option("--site <name>", "all of this site (repeatable)", collect, [])
    .option("--everything", "all of all sites", false)
    .option("--soft", "count it as stale, not as gone: it is validated, and may stand in for a failing origin", false)
    .addHelpText("after", examplesOfUse)
    .action(purge);
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function parseEdge(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new InvalidArgumentError("It is no URL such as https://www.example.com.");
  }
  return url;
}

async function purge(options: PurgeOptions, command: Command): Promise<void> {
  const { edge, tokenEnv, url: urls, tag: tags, prefix: prefixes, site: sites, everything, soft } = options;
  if (!everything && [urls, tags, prefixes, sites].every(({ length }) => length === 0)) {
    command.error("error: Say what to purge: --url, --tag, --prefix, --site or --everything.");
  }
  const token = process.env[tokenEnv] ?? "";
  if (token === "") command.error(`error: The environment variable ${tokenEnv} holds no token.`);
  try {
    console.log(render(await send(edge, token, { urls, tags, prefixes, sites, everything, soft }), soft));
  } catch (error) {
    if (!(error instanceof PurgeError)) throw error;
    command.error(`error: ${error.message}`);
  }
}

/** Why nothing was purged, as far as is known. */
class PurgeError extends Error {}

async function send(edge: URL, token: string, order: object): Promise<Report> {
  const response = await fetch(new URL("/.perigee/purge", edge), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(order),
    // The token is for this edge, and for nobody it might lead to.
    redirect: "manual",
    signal: AbortSignal.timeout(patience),
  }).catch((error: Error) => {
    throw new PurgeError(`${edge.origin} can't be reached: ${reasonOf(error)}.`);
  });
  const text = await response.text();
  if (response.status === 200) return readJson(text, edge) as Report;
  throw new PurgeError(explain(response.status, text, edge));
}

function explain(status: number, text: string, edge: URL): string {
  if (status === 401) return `${edge.origin} doesn't know this token.`;
  if (status === 404) return `${edge.origin} has no purge: it is no Perigee, or its secret ADMIN_TOKEN isn't set.`;
  if (status !== 400) return `${edge.origin} answered ${status}: ${text.trim().split("\n", 1)[0] ?? ""}`;
  const { problems } = readJson(text, edge) as { problems: readonly { at: string; says: string }[] };
  return ["The edge refuses the order.", ...problems.map(({ at, says }) => `  ${at}${at && ": "}${says}`)].join("\n");
}

function readJson(text: string, edge: URL): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new PurgeError(`${edge.origin} gave an answer that is no Perigee's.`);
  }
}

/** Node's fetch says why in the cause. */
function reasonOf({ message, cause }: Error): string {
  const said = cause instanceof Error ? cause.message || ("code" in cause ? String(cause.code) : "") : "";
  return said || message;
}

function render({ marks, reach, within, note }: Report, soft: boolean): string {
  const lines = marks.map(({ scope, name }) => `  ${scope === "all" ? "everything" : `${scope} ${name}`}`);
  const far = reach === "everywhere" ? `It holds everywhere within ${within} seconds.` : (note ?? "");
  return [soft ? "Counts as stale now:" : "Purged:", ...lines, far].join("\n");
}
