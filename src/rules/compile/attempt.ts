/** From the library's way to fail to ours. */
import type { Handler } from "./node.ts";

/** Gives undefined where the handler throws: a division by zero, say, or a text that is no number. */
export function attempt(handler: Handler): Handler {
  return (one, other, third) => {
    try {
      return handler(one, other, third);
    } catch {
      return undefined;
    }
  };
}
