/** What comes in place of what was found in a body. */
import type { Wording } from "../config/shape.ts";
import type { Language } from "./language.ts";
import { splitTemplate } from "./template.ts";
import { compileValue, compileWording, type Compiled } from "./text.ts";

/** What comes in place of what was found: as it is written, and with the groups of a pattern in it. */
export interface Replacing {
  readonly plain: Wording;
  readonly parts: readonly (Wording | GroupName)[];
}

/** A group of a pattern, by its number, or by its name. */
interface GroupName {
  readonly group: string;
}

/** A wording in which, for a pattern, `$1` and `$<name>` are its groups, `$0` is all, and `$$` one dollar. */
export function compileReplacing(source: string, language: Language): Compiled<Replacing> {
  const plain = compileWording(source, language);
  if (plain.kind === "mistake") return plain;
  const parts = splitTemplate(source).flatMap((part): Replacing["parts"] => {
    if (part.kind === "text") return splitGroups(part.text);
    const value = compileValue(part.kind === "cel" ? part.source : "", language);
    return value.kind === "compiled" ? [value.run] : [];
  });
  return { kind: "compiled", run: { plain: plain.run, parts } };
}

const groupNames = /\$(?:(\d)|<([^<>]*)>|\$)/g;

function splitGroups(text: string): Replacing["parts"] {
  const parts: (string | GroupName)[] = [];
  let from = 0;
  for (const { 0: written, 1: number, 2: name, index } of text.matchAll(groupNames)) {
    const group = number ?? name;
    parts.push(text.slice(from, index), group === undefined ? "$" : { group });
    from = index + written.length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}
