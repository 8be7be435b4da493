/** Texts to replace in bodies, as they are written → as requests need them. */
import type { RuleInput } from "./schema/rule.ts";
import type { TextEdit, TextShape } from "./shape.ts";

type Input = NonNullable<RuleInput["text"]>;

/** Without its name and side. */
export function toTextShape({ edits, terms }: Input): Omit<TextShape, "id" | "side"> {
  return { kind: "text", edits: edits.map(toEdit), search: terms.search, groups: terms.groups };
}

/** All that tells one list of edits from another. */
export function namedOf({ edits }: Input): unknown {
  return edits.map(({ pattern, ...edit }) => ({ ...edit, pattern: pattern?.source }));
}

function toEdit({ pattern, with: { plain, parts }, times, types }: Input["edits"][number]): TextEdit {
  const numberOf = (group: string): number => (/^\d$/.test(group) ? Number(group) : pattern!.groups.indexOf(group) + 1);
  const by = pattern ? parts.map((part) => (typeof part === "object" ? numberOf(part.group) : part)) : [plain];
  return { by, times, types };
}
