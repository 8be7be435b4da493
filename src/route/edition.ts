/** Which of several editions of one answer a visit gets: rules that shape bodies, and variants, make another of each. */
import { hashOf } from "../http/hash.ts";
import type { Enrolled, Routed } from "../visit.ts";

/**
 * Names what is made of answers before they are stored; undefined where nothing is. The entity tags of two editions are two: a
 * client that has one of them must not hear that it has the other (RFC 9110 §8.8.3).
 */
export function editionOf(
  { experiments }: Pick<Enrolled, "experiments">,
  shapes: Routed["shapes"],
): string | undefined {
  const made = [
    ...experiments.flatMap(({ experiment, key }) => (key === undefined ? [] : [`${experiment} ${key}`])),
    ...shapes.flatMap(({ id, side }) => (side === "before" ? [id] : [])),
  ];
  return made.length === 0 ? undefined : hashOf(made.join("\n")).toString(36).padStart(7, "0");
}

/** The fields without conditions that go by dates: all editions of an answer have the same. */
export function withoutDates({ fields }: Pick<Enrolled, "fields">): Partial<Pick<Routed, "fields">> {
  const isRangeByDate = fields.has("if-range") && !fields.get("if-range")!.includes('"');
  if (!fields.has("if-modified-since") && !isRangeByDate) return {};
  const rest = fields.copy().delete("if-modified-since");
  return { fields: isRangeByDate ? rest.delete("if-range").delete("range") : rest };
}
