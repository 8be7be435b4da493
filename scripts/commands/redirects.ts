/** `perigee redirects`: builds the files of tables that are too long for a variable, and looks into them. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { encodeRedirects, RedirectsError, RedirectTable } from "../../src/redirects/redirects.ts";
import { CommandError, giveUp } from "../command-error.ts";
import { readBuilt, readTables, shortened } from "../redirects/redirect-file.ts";

const examplesOfUse = `
A text has a redirect a line, from, to and status with spaces between, as _redirects files have; what follows # is a comment.
A file whose name ends in .csv has them as comma-separated values, under a heading with "from" and "to", or in the order from, to,
status, query.

Examples:
  npm run perigee -- redirects build moved.csv more.txt --host www.example.com --out moved.redirects
  npx wrangler kv key put moved --path moved.redirects --binding STORE --remote
  npm run perigee -- redirects show moved.redirects
  npm run perigee -- redirects test moved.redirects /old/page https://www.example.com/b?c=d`;

export function redirectsCommand(): Command {
  return new Command("redirects")
    .description("Build the file of a long table of redirects from texts or CSV, and look into it.")
    .addHelpText("after", examplesOfUse)
    .addCommand(buildCommand())
    .addCommand(showCommand())
    .addCommand(testCommand());
}

function buildCommand(): Command {
  return new Command("build")
    .description("Make one file for the edge of one or several tables, unless something is wrong with them.")
    .argument("<files...>", "texts or CSV")
    .requiredOption("-o, --out <file>", "where to write it")
    .option("--host <hosts...>", "your hosts, so that circles through URLs of theirs are found", [])
    .action(async (files: readonly string[], { out, host }: Building, command: Command) =>
      run(command, () => {
        const { entries, notes } = readTables(files, host);
        const bytes = encodeRedirects(entries);
        writeFileSync(out, bytes);
        if (notes.length > 0) console.error(shortened(notes));
        console.log(`${out} is written: ${entries.length} redirects, ${bytes.length} bytes.`);
      }),
    );
}

interface Building {
  readonly out: string;
  readonly host: readonly string[];
}

function showCommand(): Command {
  return new Command("show")
    .description("Say what is in a file that was built, as a text that builds it.")
    .argument("<file>")
    .action(async (file: string, _: object, command: Command) =>
      run(command, async () => {
        for (const { from, to, status, query } of await readBuilt(file)) {
          process.stdout.write(`${from} ${to} ${status}${query ? "" : " drop"}\n`);
        }
      }),
    );
}

function testCommand(): Command {
  return new Command("test")
    .description("Say where paths or URLs lead by a file that was built; ends with 1 when one leads nowhere.")
    .argument("<file>")
    .argument("<urls...>")
    .action(async (file: string, urls: readonly string[], _: object, command: Command) =>
      run(command, async () => {
        const table = new RedirectTable(await readBuilt(file));
        for (const written of urls) {
          const url = URL.parse(written, "http://any.invalid/");
          const moved = url && table.find(url);
          console.log(
            moved ? `${written} → ${moved.to} (${moved.status}, by ${moved.from})` : `${written} isn't redirected`,
          );
          if (!moved) process.exitCode = 1;
        }
      }),
    );
}

async function run(command: Command, act: () => void | Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    giveUp(isExpected(error) ? new CommandError(error.message) : error, command);
  }
}

/** A table that is too large, or trouble of the file system: no such folder, no room. */
function isExpected(error: unknown): error is Error {
  return error instanceof RedirectsError || (error instanceof Error && "syscall" in error);
}
