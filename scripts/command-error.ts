/** What a command can't do, told to its user. */
import type { Command } from "commander";

/** Why, in a sentence on which its user can act. Anything else that is thrown is a bug. */
export class CommandError extends Error {}

/** Ends the command with that sentence and code 1; throws on what is a bug. */
export function giveUp(error: unknown, command: Command): never {
  if (error instanceof CommandError) command.error(`error: ${error.message}`);
  throw error;
}
