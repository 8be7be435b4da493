/** What a text must have in it, or it doesn't have the pattern: most don't, and the runtime finds that out faster. */
import type { Tree } from "./syntax.ts";

/** The longest run of units, each of which is the only one that can stand there; "" when there is none. */
export function neededWord(tree: Tree): string {
  if (tree.kind === "choice" || tree.kind === "assertion") return "";
  if (tree.kind === "set") return onlyUnit(tree) ?? "";
  if (tree.kind === "repeat") return tree.min > 0 ? neededWord(tree.part) : "";
  if (tree.kind === "group") return neededWord(tree.part);
  let [longest, run] = ["", ""];
  for (const part of tree.parts) {
    const unit = onlyUnit(part);
    run = unit === undefined ? "" : run + unit;
    const word = unit === undefined ? neededWord(part) : run;
    if (word.length > longest.length) longest = word;
  }
  return longest;
}

function onlyUnit(part: Tree): string | undefined {
  const range = part.kind === "set" && part.set.length === 1 ? part.set[0]! : undefined;
  return range && range[0] === range[1] ? String.fromCharCode(range[0]) : undefined;
}
