/** Why nothing could be measured, in a sentence for the user. Anything else that is thrown is a bug. */
export class BenchError extends Error {
  override readonly name = "BenchError";
}
