/** The parts of a text in which `${…}` holds CEL. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  /** `at`: where the source begins in the template. */
  | { readonly kind: "cel"; readonly source: string; readonly at: number }
  | { readonly kind: "unclosed"; readonly at: number };

/** Splits a template. Braces in the CEL may nest, and stand in its strings. */
export function splitTemplate(template: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let open = template.indexOf("${"); open >= 0; open = template.indexOf("${", from)) {
    if (open > from) parts.push({ kind: "text", text: template.slice(from, open) });
    const close = findClose(template, open + 2);
    if (close < 0) return [...parts, { kind: "unclosed", at: open }];
    parts.push({ kind: "cel", source: template.slice(open + 2, close), at: open + 2 });
    from = close + 1;
  }
  return from < template.length ? [...parts, { kind: "text", text: template.slice(from) }] : parts;
}

/** A CEL string (its escapes skipped), or a brace. */
const tokens = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{}]/gs;

/** The brace that closes what was opened before `start`; -1 when there is none. */
function findClose(template: string, start: number): number {
  let depth = 1;
  for (const { 0: token, index } of template.slice(start).matchAll(tokens)) {
    if (token === "{") depth++;
    if (token === "}" && --depth === 0) return start + index;
  }
  return -1;
}
