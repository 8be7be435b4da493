import { CommandError } from "../command-error.ts";

/** Why a start can't be. */
export class StartError extends CommandError {
  override readonly name = "StartError";
}
