/** `perigee purge`: tells a running edge what to forget. */
import { Command } from "commander";
import { aboutTokens, askEdge, operating, type Operated } from "./operate.ts";

interface PurgeOptions extends Operated {
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

const examplesOfUse = `${aboutTokens}
Examples:
  npm run perigee -- purge --edge https://www.example.com --url https://www.example.com/page
  npm run perigee -- purge --edge https://www.example.com --tag news --tag front-page --soft
  npm run perigee -- purge --edge https://www.example.com --prefix https://www.example.com/blog/
  npm run perigee -- purge --edge https://www.example.com --site www
  npm run perigee -- purge --edge https://www.example.com --everything`;

export function purgeCommand(): Command {
  return operating(new Command("purge").description("Make a running edge forget what it has cached."))
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

async function purge(options: PurgeOptions, command: Command): Promise<void> {
  const { url: urls, tag: tags, prefix: prefixes, site: sites, everything, soft } = options;
  if (!everything && [urls, tags, prefixes, sites].every(({ length }) => length === 0)) {
    command.error("error: Say what to purge: --url, --tag, --prefix, --site or --everything.");
  }
  const order = { urls, tags, prefixes, sites, everything, soft };
  const report = await askEdge(options, command, { page: "purge", order, explain: { 400: explain } });
  console.log(render(report as Report, soft));
}

function explain(answer: unknown): string {
  const { problems } = answer as { readonly problems: readonly { readonly at: string; readonly says: string }[] };
  return ["The edge refuses the order.", ...problems.map(({ at, says }) => `  ${at}${at && ": "}${says}`)].join("\n");
}

function render({ marks, reach, within, note }: Report, soft: boolean): string {
  const lines = marks.map(({ scope, name }) => `  ${scope === "all" ? "everything" : `${scope} ${name}`}`);
  const far = reach === "everywhere" ? `It holds everywhere within ${within} seconds.` : (note ?? "");
  return [soft ? "Counts as stale now:" : "Purged:", ...lines, far].join("\n");
}
