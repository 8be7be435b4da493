/** `perigee access`: makes what clients show to be let in. */
import { randomBytes } from "node:crypto";
import { text as readAll } from "node:stream/consumers";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Command, InvalidArgumentError } from "commander";
import { mostIterations, writeUser } from "../../src/scrub/access/password.ts";
import { parseDuration } from "../duration.ts";
import { SignUrlError, signUrl } from "../access/sign-url.ts";

const examplesOfUse = `
Examples:
  npm run perigee -- access password alice                       asks for the password, prints a line
  npx wrangler secret put STAFF                                  such lines are the secret of access = { basic = "STAFF" }

  export URL_KEY=…                                               the secret of access = { signed = "URL_KEY" }
  npm run perigee -- access sign https://www.example.com/film.mp4 --expires 1h
  npm run perigee -- access sign https://www.example.com/hls/7/index.m3u8 --prefix /hls/7/ --expires 6h
  npm run perigee -- access sign https://www.example.com/report.pdf --address 192.0.2.7 --expires 15m`;

export function accessCommand(): Command {
  return new Command("access")
    .description("Make what clients show to be let in: passwords as they are kept, and signed URLs.")
    .addHelpText("after", examplesOfUse)
    .addCommand(passwordCommand())
    .addCommand(signCommand());
}

function passwordCommand(): Command {
  return new Command("password")
    .description(
      "Print the line of a user for the secret of `basic`; the password is asked for, or read from the standard input.",
    )
    .argument("<name>", "who it is for", parseName)
    .option("--iterations <number>", "how much work one look at it is: at 10000 some 3 ms", parseIterations, 10_000)
    .action(async (name: string, { iterations }: { readonly iterations: number }, command: Command) => {
      const password = await readPassword();
      if (password === "") command.error("error: There is no password.");
      const salt = randomBytes(18).toString("base64url");
      console.log(await writeUser(name, password, { iterations, salt }));
    });
}

interface SignOptions {
  readonly expires: number;
  readonly prefix?: string;
  readonly address?: string;
  readonly parameter: string;
  readonly keyEnv: string;
}

function signCommand(): Command {
  return new Command("sign")
    .description("Print the URL with a signature by which it is let in until a time.")
    .argument("<url>")
    .option("--expires <duration>", 'from now on, such as "1h"', parseDuration, 3_600_000)
    .option("--prefix <path>", "good for all below this path, with any query; it must begin the URL's")
    .option("--address <ip>", "good for this client only")
    .option("--parameter <name>", "the parameter of the query, as the rule has it", "signature")
    .option("--key-env <name>", "the environment variable that holds the key", "URL_KEY")
    .action((url: string, { keyEnv, expires, ...scope }: SignOptions, command: Command) => {
      const key = process.env[keyEnv] ?? "";
      if (key === "") command.error(`error: The environment variable ${keyEnv} holds no key.`);
      try {
        console.log(signUrl(url, key, { ...scope, expires: Math.floor((Date.now() + expires) / 1000) }));
      } catch (error) {
        if (!(error instanceof SignUrlError)) throw error;
        command.error(`error: ${error.message}`);
      }
    });
}

function parseName(text: string): string {
  if (/^[^:#\s\p{Cc}][^:\p{Cc}]*$/u.test(text)) return text;
  throw new InvalidArgumentError("A name has no colon, and doesn't begin with #.");
}

function parseIterations(text: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= mostIterations) return number;
  throw new InvalidArgumentError(`It is a number from 1 to ${mostIterations}.`);
}

/** Typed blindly, or the first line of what comes through a pipe. */
async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await readAll(process.stdin)).split(/\r?\n/, 1)[0]!;
  process.stderr.write("Password: ");
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const password = await reader.question("").finally(() => reader.close());
  process.stderr.write("\n");
  return password;
}
