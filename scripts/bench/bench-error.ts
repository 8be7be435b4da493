import { CommandError } from "../command-error.ts";

/** Why nothing could be measured. */
export class BenchError extends CommandError {
  override readonly name = "BenchError";
}

/** What comes of the work, or why nothing could be measured: so that what was measured before isn't lost for it. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | BenchError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BenchError) return error;
    throw error;
  }
}
