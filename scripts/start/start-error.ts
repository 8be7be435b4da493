/** Why a start can't be, in words on which its user can act. */
export class StartError extends Error {
  override readonly name = "StartError";
}
