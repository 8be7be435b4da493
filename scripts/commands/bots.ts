/** `perigee bots`: makes of published lists what a config adds to the bots that the edge knows, and tells who is who. */
import { readFileSync, writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import { namedKinds, type NamedKind } from "../../src/bots/kinds.ts";
import { defaultBots } from "../../src/config/identities.ts";
import { nameOf } from "../../src/scrub/bots/name.ts";
import { classify, type Classified } from "../bots/classify.ts";
import { readPublished, ShapeError, type Published } from "../bots/published.ts";
import { toJson, toToml } from "../bots/render.ts";

const examplesOfUse = `
A list is JSON, an array of { pattern, … } (as crawler-user-agents has it) or an object of name → { function, … } (as
ai.robots.txt has it), or a text with a token a line, such as a robots.txt. Nothing is fetched: point it at files that you have.

Examples:
  npm run perigee -- bots build crawler-user-agents.json robots.json --out bots.toml
  npm run perigee -- bots build our-partners.txt --kind monitor --out bots.json
  npm run perigee -- bots name "Mozilla/5.0 (compatible; GPTBot/1.3; +https://openai.com/gptbot)"`;

export function botsCommand(): Command {
  return new Command("bots")
    .description("Make a table of bots of published lists, and tell which bot a User-Agent is of.")
    .addHelpText("after", examplesOfUse)
    .addCommand(buildCommand())
    .addCommand(nameCommand());
}

interface Building {
  readonly out: string;
  readonly kind?: NamedKind;
}

function buildCommand(): Command {
  return new Command("build")
    .description("Write what these lists have and the edge doesn't know, for the binding BOTS of a config.")
    .argument("<files...>", "published lists")
    .requiredOption("-o, --out <file>", "where to write it: TOML for a name that ends in .toml, else JSON")
    .addOption(new Option("-k, --kind <kind>", "the kind of those of which nothing tells one").choices([...namedKinds]))
    .action((files: readonly string[], { out, kind }: Building, command: Command) => {
      const read = files.map((file) => readFile(file, command));
      const classified = classify(
        read.flatMap(({ listed }) => listed),
        kind,
      );
      const text = out.endsWith(".toml") ? toToml(classified.added) : toJson(classified.added);
      write(out, text, command);
      console.log(render(classified, { out, unread: read.flatMap(({ unread }) => unread) }));
    });
}

function nameCommand(): Command {
  return new Command("name")
    .description("Tell which bot a User-Agent is of, and of what kind, by the edge's own table.")
    .argument("<agent>")
    .action((agent: string) => {
      const { bot, kind } = nameOf(agent, { table: defaultBots, remember: (_, make) => make() });
      console.log(bot === "" ? kind : `${bot}: ${kind}`);
    });
}

function readFile(file: string, command: Command): Published {
  try {
    return readPublished(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof ShapeError) && !isFileTrouble(error)) throw error;
    return command.error(`error: ${file} can't be read: ${error.message}`, { exitCode: 1 });
  }
}

function write(file: string, text: string, command: Command): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    if (!isFileTrouble(error)) throw error;
    command.error(`error: ${error.message}`, { exitCode: 1 });
  }
}

/** Of the file system: no such file, no room. */
function isFileTrouble(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

interface Rest {
  readonly out: string;
  readonly unread: readonly string[];
}

function render({ added, known, differing, unclassified, unusable }: Classified, { out, unread }: Rest): string {
  const counts = Object.entries(added).map(([kind, tokens]) => `${tokens.length} ${kind}`);
  return [
    `${out} is written: ${counts.length === 0 ? "nothing is new" : counts.join(", ")}. ${known} are known already.`,
    ...differing.map(
      (one) =>
        `${one.token} stays ${one.kind}, though the list says ${one.listed}: name it in BOTS yourself to change that.`,
    ),
    ...told("Nothing tells the kind of", unclassified, "Give them one with --kind, or in BOTS."),
    ...told("No token can be made of", [...unusable, ...unread], "Write the product's name into BOTS."),
  ].join("\n");
}

function told(what: string, entries: readonly string[], then: string): string[] {
  return entries.length === 0 ? [] : [`${what} ${entries.length}: ${entries.join(", ")}. ${then}`];
}
