/** `perigee experiments link`: makes URLs by which testers see variants. */
import { Command, InvalidArgumentError } from "commander";
import { readConfig } from "../check/check.ts";
import { giveUp } from "../command-error.ts";
import { parseDuration } from "../duration.ts";
import { confirm, forcedLink, unforcingLink, type Choice } from "./forced-link.ts";

interface LinkOptions {
  readonly variant: readonly Choice[];
  readonly expires: number;
  readonly config: string;
  readonly env?: string;
  readonly keyEnv: string;
}

export function linkCommand(): Command {
  return new Command("link")
    .description(
      "Print the URL by which who opens it sees these variants, and goes on seeing them until its time is up; without --variant, the one that ends it.",
    )
    .argument("<url>")
    .option("--variant <experiment=variant>", "what is to be seen; of several experiments, once for each", collect, [])
    .option("--expires <duration>", 'from now on, such as "1h"', parseDuration, 604_800_000)
    .option("-c, --config <file>", "the config that has the experiments, as for check", "wrangler.toml")
    .option("-e, --env <name>", "that environment of the file")
    .option("--key-env <name>", "the environment variable that holds the secret SIGNING_KEY", "SIGNING_KEY")
    .action((url: string, options: LinkOptions, command: Command) => {
      try {
        console.log(linkFor(url, options, command));
      } catch (error) {
        giveUp(error, command);
      }
    });
}

function linkFor(url: string, { variant: choices, expires, config, env, keyEnv }: LinkOptions, command: Command) {
  if (choices.length === 0) return unforcingLink(url);
  const key = process.env[keyEnv] ?? "";
  if (key === "") command.error(`error: The environment variable ${keyEnv} holds no key.`);
  const { experiments } = readConfig(config, env);
  for (const choice of choices) confirm(experiments, choice);
  return forcedLink(url, { choices, until: Date.now() + expires, key });
}

function collect(text: string, before: readonly Choice[]): readonly Choice[] {
  const [, experiment, variant] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
  if (experiment === undefined || variant === undefined) {
    throw new InvalidArgumentError('It is an experiment and a variant, such as "checkout=short".');
  }
  if (before.some((one) => one.experiment === experiment)) {
    throw new InvalidArgumentError(`A client sees one variant of ${experiment}.`);
  }
  return [...before, { experiment, variant }];
}
