/** Visits whose answer gets another status when it is a 200, so that there is neither a part of it nor a 304. */
import type { Rule } from "../config/model.ts";
import type { Routed, Visit } from "../visit.ts";

/** By which a client asks for a part of a 200, or for none when it has it (RFC 9110 §13.1, §14.2). */
const selecting = ["range", "if-range", "if-none-match", "if-modified-since"] as const;

/** Fields without those, when one of the rules replaces a 200. */
export function askForWhole(
  { fields }: Pick<Visit, "fields">,
  rules: readonly Rule[],
): Partial<Pick<Routed, "fields">> {
  const isReplaced = rules.some(({ status }) => status && ["200", "2xx", "default"].some((key) => key in status));
  if (!isReplaced || !selecting.some((name) => fields.has(name))) return {};
  const whole = fields.copy();
  for (const name of selecting) whole.delete(name);
  return { fields: whole };
}
