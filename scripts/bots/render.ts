/** What a config has to add, as a config has it. */
import type { Classified } from "./classify.ts";

type Added = Classified["added"];

/** A variable holds 5 KB at most; some is left for the platform's own reckoning. */
const mostBytes = 4_800;

/** One JSON document, for the one in KV. */
export function toJson(added: Added): string {
  return `${JSON.stringify({ BOTS: added }, undefined, 2)}\n`;
}

/** Tables for wrangler.toml: `[vars.BOTS]`, and where it is too much for one variable `[vars.BOTS_1]` and so on. */
export function toToml(added: Added): string {
  return split(added)
    .map((part, index) => {
      const lines = Object.entries(part).map(
        ([kind, tokens]) => `${kind} = [\n${tokens.map((token) => `  ${JSON.stringify(token)},\n`).join("")}]\n`,
      );
      return `[vars.BOTS${index === 0 ? "" : `_${index}`}]\n${lines.join("")}`;
    })
    .join("\n");
}

/** In parts, each of which fits into a variable. */
function split(added: Added): readonly Record<string, string[]>[] {
  const parts: Record<string, string[]>[] = [{}];
  for (const [kind, tokens] of Object.entries(added)) {
    for (const token of tokens) {
      const part = parts.at(-1)!;
      (part[kind] ??= []).push(token);
      if (JSON.stringify(part).length <= mostBytes) continue;
      part[kind].pop();
      if (part[kind].length === 0) delete part[kind];
      parts.push({ [kind]: [token] });
    }
  }
  return parts;
}
