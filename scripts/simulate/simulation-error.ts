import { CommandError } from "../command-error.ts";

/** Why nothing can be simulated. */
export class SimulationError extends CommandError {
  override readonly name = "SimulationError";
}
