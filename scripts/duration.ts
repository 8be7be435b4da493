import { InvalidArgumentError } from "commander";
import { safeParse } from "valibot";
import { duration } from "../src/config/quantity.ts";

/** The value of an option, such as "1h" → milliseconds. @throws InvalidArgumentError when it is none. */
export function parseDuration(text: string): number {
  const { success, output } = safeParse(duration, text);
  if (success) return output;
  throw new InvalidArgumentError('It is a duration such as "30m", "1h" or "7d".');
}
