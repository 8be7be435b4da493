import { EdgeError } from "../error.ts";

/** What the log says of an error. It may name origins and addresses, so it goes nowhere else. */
interface ErrorDescription {
  /** The error and what caused it, such as "EdgeError: frankfurt: no answer in 30 s < TimeoutError: aborted". */
  readonly error: string;
  /** Only where it is the edge's own fault: an origin's failure has nothing to look for in the code. */
  readonly stack?: string;
}

const deepest = 5;

/** Never throws: anything can be thrown, also what throws again when it is looked at. */
export function describeError(error: unknown): ErrorDescription {
  try {
    return describe(error);
  } catch {
    return { error: "an error that can't be read" };
  }
}

function describe(error: unknown): ErrorDescription {
  const isBug = !(error instanceof EdgeError) || error.source === "edge";
  const stack = isBug && error instanceof Error ? error.stack : undefined;
  return { error: causes(error).map(String).join(" < "), ...(stack !== undefined && { stack }) };
}

/** The error, its cause, the cause's cause; cut where it would go on for ever. */
function causes(error: unknown): readonly unknown[] {
  const chain = [error];
  for (let last = error; last instanceof Error && last.cause !== undefined && chain.length < deepest;) {
    last = last.cause;
    chain.push(last);
  }
  return chain;
}
