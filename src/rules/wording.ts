/** HTML in which `${…}` holds CEL: what it gives is text, and stays text wherever it stands. */
import type { Text } from "../config/model.ts";
import type { Wording } from "../config/shape.ts";
import { escapeHtml } from "../http/html-text.ts";
import type { Language } from "./language.ts";
import { anything, guardOf, type Guard } from "./addressed.ts";
import { isLanguage, placeAtEnd, type Place } from "./markup.ts";
import { compileText, compileValue, compileWording, type Compiled } from "./text.ts";
import { splitTemplate } from "./template.ts";

/** HTML. What a visit gives is escaped; it is a mistake where that can't be done. */
export function compileMarkup(source: string, language: Language): Compiled<Wording> {
  return compileGuarded(source, language, (before, after) => {
    const guard = guardAt(placeAtEnd(before), after.split(/["']/, 1)[0]!);
    return typeof guard === "string" ? guard : (value, visit) => escapeHtml(guard(value, visit));
  });
}

/** How a value is made safe between these texts; where it is when it can't be. */
type GuardBetween = (before: string, after: string) => Guard | string;

function compileGuarded(source: string, language: Language, guardBetween: GuardBetween): Compiled<Wording> {
  const parts = splitTemplate(source);
  const guards: Guard[] = [];
  let before = "";
  for (const [index, part] of parts.entries()) {
    if (part.kind === "text") before += part.text;
    if (part.kind !== "cel") continue;
    const next = parts[index + 1];
    const guard = guardBetween(before, next?.kind === "text" ? next.text : "");
    if (typeof guard === "string") return unsafe(source, part.at, guard);
    guards.push(guard);
    before += anything;
  }
  if (guards.length === 0) return compileWording(source, language);
  return compileText(source, language, (cel, spoken) => {
    const value = compileValue(cel, spoken);
    const guard = guards.shift()!;
    return value.kind === "mistake" ? value : { kind: "compiled", run: (visit) => guard(value.run(visit), visit) };
  });
}

/** Text between tags, in place of which HTML could stand. */
export function compilePlain(source: string, language: Language): Compiled<Wording> {
  return mapped(compileWording(source, language), escapeHtml);
}

/** The value of an attribute of that name, without its quotes. */
export function compileAttribute(name: string, source: string, language: Language): Compiled<Wording> {
  const guardBetween: GuardBetween = (before, after) =>
    isLanguage(name) ? `the attribute ${name}` : guardOf({ name, before, after });
  return mapped(compileGuarded(source, language, guardBetween), escapeHtml);
}

function mapped(compiled: Compiled<Wording>, map: (text: string) => string): Compiled<Wording> {
  if (compiled.kind === "mistake") return compiled;
  const { run } = compiled;
  const each: Text | string = typeof run === "string" ? map(run) : (visit) => map(run(visit));
  return { kind: "compiled", run: each };
}

function guardAt(place: Place, after: string): Guard | string {
  if (place.kind === "unsafe") return place.where;
  if (place.kind === "text") return (value) => value;
  return guardOf({ ...place, after });
}

function unsafe(source: string, at: number, where: string): Compiled<Wording> {
  const expected = `HTML in which each \${…} can be escaped: between tags, or in the quotes of an attribute; in ${where} it can't be, and needs raw = true`;
  return { kind: "mistake", mistake: { what: source, expected, among: [], at } };
}
