/** `perigee list`: builds the files of lists that are too long for a variable, and looks into them. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { encode, ListError, parseMember, type FixedList } from "../../src/lists/lists.ts";
import { describe, grouped, ListFileError, membersOf, readList, readTexts } from "../list/list-file.ts";
import { explain } from "../list/member.ts";

const examplesOfUse = `
A text list has members in any mix, one a line: addresses, prefixes, ranges, AS numbers (AS64500), country codes and other
words; what follows #, ; or // is a comment. JSON in which networks publish their prefixes will do as well.

Examples:
  npm run perigee -- list build drop.txt tor.txt --out bad.list
  npx wrangler r2 object put STORE/bad.list --file bad.list --remote
  npx wrangler kv key put bad.list --path bad.list --binding STORE --remote
  npm run perigee -- list show bad.list
  npm run perigee -- list test bad.list 192.0.2.7 2001:db8::1 AS64500`;

export function listCommand(): Command {
  return new Command("list")
    .description("Build the file of a long list from texts, and look into it.")
    .addHelpText("after", examplesOfUse)
    .addCommand(buildCommand())
    .addCommand(showCommand())
    .addCommand(testCommand());
}

function buildCommand(): Command {
  return new Command("build")
    .description("Make one file for the edge of one or several text lists.")
    .argument("<files...>", "text lists")
    .requiredOption("-o, --out <file>", "where to write it")
    .action((files: readonly string[], { out }: { readonly out: string }, command: Command) =>
      run(command, () => {
        const list = readTexts(files, (says) => console.error(`… ${says}`));
        const bytes = encode(list.sections);
        writeFileSync(out, bytes);
        console.log(`${out} is written: ${grouped(bytes.length)} bytes. ${describe(list)}.`);
      }),
    );
}

function showCommand(): Command {
  return new Command("show")
    .description("Say what is in a file that was built.")
    .argument("<file>")
    .option("--members", "all of it, as a text list", false)
    .action((file: string, { members }: { readonly members: boolean }, command: Command) =>
      run(command, () => {
        const list = readList(file);
        if (!members) return console.log(`${describe(list)}.`);
        for (const member of membersOf(list)) process.stdout.write(`${member}\n`);
      }),
    );
}

function testCommand(): Command {
  return new Command("test")
    .description("Say whether addresses, AS numbers or texts are in a file that was built; ends with 1 when one isn't.")
    .argument("<file>")
    .argument("<members...>")
    .action((file: string, members: readonly string[], _: object, command: Command) =>
      run(command, () => {
        const list = readList(file);
        for (const member of members) {
          const isIn = has(list, member);
          console.log(isIn === undefined ? explain(member) : `${member} is ${isIn ? "" : "not "}in it`);
          if (!isIn) process.exitCode = 1;
        }
      }),
    );
}

/** As a rule's inList would say of the client's address, its AS number, or a text; undefined for what is none of these. */
function has(list: FixedList, written: string): boolean | undefined {
  const member = parseMember(/^\d+$/.test(written) ? Number(written) : written);
  if (!member) return undefined;
  return member?.kind === "asn" ? list.hasAsn(member.asn) : list.hasText(written);
}

function run(command: Command, act: () => void): void {
  try {
    act();
  } catch (error) {
    const isExpected = error instanceof ListFileError || error instanceof ListError || isFileTrouble(error);
    if (!isExpected) throw error;
    command.error(`error: ${error.message}`, { exitCode: 1 });
  }
}

/** Of the file system: no such folder, no room. */
function isFileTrouble(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
