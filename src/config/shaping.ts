/** What rules do to bodies, as it is written → as requests need it. */
import type { RuleInput } from "./schema/rule.ts";
import type { EsiShape, HtmlShape, Shape } from "./shape.ts";
import { namedOf, toTextShape } from "./text.ts";
import { versionOf } from "./version.ts";

/** In the order in which they are done. */
export function toShapes({ esi, html, text }: Pick<RuleInput, "esi" | "html" | "text">): readonly Shape[] {
  return [
    ...(esi ? [toEsi(esi)] : []),
    ...(html ? [toHtml(html)] : []),
    ...(text ? [{ ...toTextShape(text), ...sideOf("text", namedOf(text)) }] : []),
  ];
}

/** What a page is made of depends on who asks for it: it is put together after the store. */
function toEsi(input: NonNullable<RuleInput["esi"]>): EsiShape {
  return { kind: "esi", side: "after", id: versionOf(["esi"]), ...input };
}

function toHtml(input: NonNullable<RuleInput["html"]>): HtmlShape {
  const edits = input.map(({ at, remove = false, ...put }) => ({ at, remove, put: Object.entries(put) as HtmlPut }));
  return { kind: "html", ...sideOf("html", edits), edits };
}

type HtmlPut = HtmlShape["edits"][number]["put"];

/** @param edits the whole of what is done. A text for each visit has no name of its own: on that side nothing is kept by it. */
function sideOf(kind: Shape["kind"], edits: unknown): Pick<Shape, "id" | "side"> {
  let side: Shape["side"] = "before";
  const named = JSON.stringify(edits, (_key, value: unknown) => {
    if (typeof value !== "function") return value;
    side = "after";
    return "for each visit";
  });
  return { id: versionOf([kind, named]), side };
}
