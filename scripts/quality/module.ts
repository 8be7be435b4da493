/** What one source file imports, exports again, and touches. */
import { parseSync, type ExportNamedDeclaration, type Program, type StaticExport } from "oxc-parser";
import { touches } from "./abilities.ts";

/** Something in a file, and its line, counted from 1. */
export interface Mention {
  readonly what: string;
  readonly line: number;
}

export interface SourceModule {
  /** Specifiers as they are written; type imports too. */
  readonly imports: readonly Mention[];
  /** The same without type imports: what is there when the program runs. */
  readonly runs: readonly string[];
  /** It exports nothing but what it imports from elsewhere. */
  readonly isBarrel: boolean;
  /** Abilities of the platform, by their names in the layout. */
  readonly touches: readonly Mention[];
}

/** Throws a SyntaxError when the text doesn't parse. */
export function readModule(file: string, text: string): SourceModule {
  const { module, program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0]!.message}`);
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;

  const imported = module.staticImports.map(({ moduleRequest, entries }) => ({
    what: moduleRequest.value,
    line: lineAt(moduleRequest.start),
    isType: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const exported = module.staticExports
    .flatMap(passedOn)
    .map(({ value, start, isType }) => ({ what: value, line: lineAt(start), isType }));
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    // An expression instead of a string stays as it is written, and fits no rule.
    what: text.slice(start, end).replaceAll(/^["'`]|["'`]$/g, ""),
    line: lineAt(start),
    isType: false,
  }));
  const imports = [...imported, ...exported, ...dynamic];
  return {
    imports,
    runs: imports.filter(({ isType }) => !isType).map(({ what }) => what),
    isBarrel: isBarrel(program, module.staticExports),
    touches: touches(program).map(({ what, start }) => ({ what, line: lineAt(start) })),
  };
}

function passedOn({ entries }: StaticExport): { value: string; start: number; isType: boolean }[] {
  return entries.flatMap(({ moduleRequest, isType }) => (moduleRequest ? [{ ...moduleRequest, isType }] : []));
}

/** Nothing but imports and exports from elsewhere; a door that also does something is none. */
function isBarrel({ body }: Program, exports: readonly StaticExport[]): boolean {
  const isPassing = ({ type, ...node }: Program["body"][number]): boolean =>
    type === "ImportDeclaration" ||
    type === "ExportAllDeclaration" ||
    (type === "ExportNamedDeclaration" && (node as ExportNamedDeclaration).declaration === null);
  return exports.length > 0 && body.every(isPassing);
}
