/** Holds `src/` to its layout: who imports whom, no circles, no barrels, and the platform's abilities in one place. */
import { globSync, readFileSync } from "node:fs";
import { join, normalize, sep } from "node:path/posix";
import { root } from "../project.ts";
import { abilities, doorOf, fits, places, platformFiles } from "./layout.ts";
import { readModule, type SourceModule } from "./module.ts";

/** Path relative to `src/` → text. */
export type Tree = ReadonlyMap<string, string>;

type Modules = ReadonlyMap<string, SourceModule>;

/** Every breach of the layout, each as `src/FILE:LINE: what is wrong`. */
export function checkImports(tree: Tree): string[] {
  const modules: Modules = new Map([...tree].map(([file, text]) => [file, readModule(file, text)]));
  const ofFiles = [...modules].flatMap(([file, module]) => [
    ...module.imports.flatMap(({ what, line }) => wrongImport(file, what, modules).map((says) => at(file, line, says))),
    ...(module.isBarrel ? [at(file, 1, "is a barrel: it only passes on what others export; import from them")] : []),
    ...wrongTouches(file, module),
  ]);
  return [...ofFiles, ...circles(modules)];
}

/** The project's own `src/`. */
export function readTree(): Tree {
  const files = globSync("**/*.ts", { cwd: join(root, "src") }).toSorted();
  return new Map(files.map((file) => [file.replaceAll("\\", sep), readFileSync(join(root, "src", file), "utf8")]));
}

function at(file: string, line: number, says: string): string {
  return `src/${file}:${line}: ${says}`;
}

/** What is wrong with that import, in one sentence; nothing when it is right. */
function wrongImport(file: string, specifier: string, modules: Modules): string[] {
  const place = places.find(({ files }) => fits(file, files))!;
  if (!specifier.startsWith(".")) {
    return fits(specifier, place.packages) ? [] : [`may not import "${specifier}": ${place.because}`];
  }
  const target = normalize(join(file, "..", specifier));
  if (!modules.has(target)) return [`imports "${specifier}", which is no file of src/`];
  if (roomOf(target) !== "" && roomOf(target) === roomOf(file)) return [];
  if (fits(target, place.may)) return [];
  return [
    `may not import "${target}": ${isBackDoor(target, place.may) ? `the door is ${doorOf(roomOf(target))}` : place.because}`,
  ];
}

/** Inside a room whose door would have been allowed. */
function isBackDoor(target: string, may: readonly string[]): boolean {
  return roomOf(target) !== "" && may.includes(doorOf(roomOf(target)));
}

/** The folder of `src/` that a file is in; "" at the top. */
function roomOf(file: string): string {
  return file.includes("/") ? file.split("/")[0]! : "";
}

function wrongTouches(file: string, { touches }: SourceModule): string[] {
  if (fits(file, platformFiles)) return [];
  return touches.map(({ what, line }) =>
    at(file, line, `uses ${what}, which only platform/ and worker.ts may: use ${abilities[what]}`),
  );
}

/** Each circle of imports once, beginning with its first file in the alphabet. Types alone make none. */
function circles(modules: Modules): string[] {
  const found = new Set<string>();
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) return void found.add(describe(way.slice(start)));
    if (done.has(file)) return;
    const module = modules.get(file);
    for (const next of module?.runs ?? [])
      if (next.startsWith(".")) follow(normalize(join(file, "..", next)), [...way, file]);
    done.add(file);
  };
  for (const file of modules.keys()) follow(file, []);
  return [...found];
}

function describe(circle: readonly string[]): string {
  const first = circle.indexOf(circle.toSorted()[0]!);
  const turned = [...circle.slice(first), ...circle.slice(0, first + 1)];
  return at(turned[0]!, 1, `imports itself in a circle: ${turned.join(" → ")}`);
}

if (import.meta.main) {
  const breaches = checkImports(readTree());
  for (const breach of breaches) console.error(breach);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
