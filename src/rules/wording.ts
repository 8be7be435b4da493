/** HTML in which `${…}` holds CEL: what it gives is text, and stays text wherever it stands. */
import type { Text } from "../config/model.ts";
import type { Wording } from "../config/shape.ts";
import { escapeHtml } from "../http/html-text.ts";
import type { Language } from "./language.ts";
import { flawOfAddress, isAddress, isLanguage, placeAtEnd, safeAddress } from "./markup.ts";
import { compileText, compileValue, compileWording, type Compiled } from "./text.ts";
import { splitTemplate } from "./template.ts";

/** HTML. What a visit gives is escaped; it is a mistake where that can't be done. */
export function compileMarkup(source: string, language: Language): Compiled<Wording> {
  const guards: ((text: string) => string)[] = [];
  let before = "";
  for (const part of splitTemplate(source)) {
    if (part.kind === "text") before += part.text;
    if (part.kind !== "cel") continue;
    const guard = guardAt(before);
    if (typeof guard === "string") return unsafe(source, part.at, guard);
    guards.push(guard);
    before += "x";
  }
  if (guards.length === 0) return compileWording(source, language);
  return compileText(source, language, (cel, spoken) => {
    const value = compileValue(cel, spoken);
    const guard = guards.shift()!;
    return value.kind === "mistake" ? value : { kind: "compiled", run: (visit) => guard(value.run(visit)) };
  });
}

/** Text between tags, in place of which HTML could stand. */
export function compilePlain(source: string, language: Language): Compiled<Wording> {
  return mapped(compileWording(source, language), escapeHtml);
}

/** The value of an attribute of that name, without its quotes. */
export function compileAttribute(name: string, source: string, language: Language): Compiled<Wording> {
  const wording = compileWording(source, language);
  if (wording.kind === "mistake" || typeof wording.run === "string") return mapped(wording, escapeHtml);
  if (isLanguage(name)) return unsafe(source, Math.max(0, source.indexOf("${")), `the attribute ${name}`);
  const at = source.indexOf("${");
  const flaw = isAddress(name) ? flawOfAddress(name, source.slice(0, at)) : undefined;
  if (flaw !== undefined) return unsafe(source, at, flaw);
  return mapped(wording, isAddress(name) ? (text) => escapeHtml(safeAddress(text)) : escapeHtml);
}

function mapped(compiled: Compiled<Wording>, map: (text: string) => string): Compiled<Wording> {
  if (compiled.kind === "mistake") return compiled;
  const { run } = compiled;
  const each: Text | string = typeof run === "string" ? map(run) : (visit) => map(run(visit));
  return { kind: "compiled", run: each };
}

/** How a text is made safe that follows that HTML; where it is when it can't be. */
function guardAt(before: string): ((text: string) => string) | string {
  const place = placeAtEnd(before);
  if (place.kind === "unsafe") return place.where;
  if (place.kind === "attribute" && place.name === "content" && /url\s*=/i.test(place.before))
    return "the address of a refresh";
  const flaw = place.kind === "attribute" && isAddress(place.name) && flawOfAddress(place.name, place.before);
  if (flaw) return flaw;
  if (place.kind === "text" || !isAddress(place.name) || /[/?#:]/.test(place.before)) return escapeHtml;
  if (place.before.trim() !== "") return `the beginning of an address (the attribute ${place.name})`;
  return (text) => escapeHtml(safeAddress(text));
}

function unsafe(source: string, at: number, where: string): Compiled<Wording> {
  const expected = `HTML in which each \${…} can be escaped: between tags, or in the quotes of an attribute; in ${where} it can't be, and needs raw = true`;
  return { kind: "mistake", mistake: { what: source, expected, among: [], at } };
}
