/** Why nothing can be simulated, in a sentence for the user. Anything else that is thrown is a bug. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
}
