/** What a look-up in a table of redirects takes, by the table's length; and to load it. In this process: it asks nobody. */
import { encodeRedirects, RedirectTable, toEntry, type Redirect } from "../../src/redirects/redirects.ts";
import { readRedirects } from "../../src/redirects/file.ts";
import { timeBatches } from "./batches.ts";
import { BenchError } from "./bench-error.ts";
import { judge, median, spreadOf, type Spread, type Verdict } from "./figures.ts";
import { chanceFrom } from "./list-questions.ts";
import { align, renderVerdict } from "./report.ts";
import type { Section } from "./section.ts";

/** Microseconds a look-up, by rounds. */
interface Looked {
  readonly redirects: number;
  /** Of paths that are redirected by name, of those that a pattern is for, and of those that lead nowhere. */
  readonly exact: Spread;
  readonly pattern: Spread;
  readonly none: Spread;
  /** How many times as long the slowest of the three takes as the runtime's own Map of as many texts. */
  readonly ratio: Spread;
  /** CPU milliseconds to read the file from a stream, and to make the table of it. */
  readonly load: number;
  readonly verdicts: Readonly<Record<"lookup" | "load", Verdict>>;
}

/** Of any kind of look-up. */
const targets = { lookup: 5, load: 100 };

const sizes = [100, 10_000];
const titleOf = (size: number): string => `redirects: ${size.toLocaleString("en-US")}`;

export const redirects: Section = {
  titles: sizes.map(titleOf),
  async run(isWanted, { rounds, progress }) {
    const rows: Looked[] = [];
    for (const size of sizes.filter((each) => isWanted(titleOf(each)))) {
      progress(titleOf(size));
      rows.push(await measureRedirects(size, rounds));
    }
    return { tables: [render(rows)], failures: [], figures: { redirects: rows } };
  },
};

/** Of ten, seven are exact, the others patterns: with a name, with "*" behind a name, and with text around a name. */
export function redirectsOf(count: number): Redirect[] {
  const forms = [
    (n: number) => [`/shop/range-${n % 50}/item-${n}.html`, `/products/${n}`],
    (n: number) => [`/blog/topic-${n}/:slug`, `/news/${n}/:slug`],
    (n: number) => [`/:lang/docs-${n}/*`, `https://docs.example.com/:lang/${n}/:splat`],
    (n: number) => [`/media/old-${n}-:id.jpg`, `/images/${n}/:id.jpg`],
  ] as const satisfies readonly ((n: number) => readonly [string, string])[];
  return Array.from({ length: count }, (_, n) => {
    const [from, to] = forms[Math.max(0, (n % 10) - 6)]!(n);
    return { from, to, status: 301, query: true };
  });
}

/** How paths are redirected. */
type Kind = "exact" | "pattern" | "none";

/** How many of them, by which chance. */
interface Drawn {
  readonly seed: number;
  readonly many: number;
}

/** Paths for which such redirects are, or none is. */
export function pathsFor(count: number, kind: Kind, { seed, many }: Drawn): string[] {
  const chance = chanceFrom(seed);
  const exact = (n: number): string => `/shop/range-${n % 50}/item-${n}.html`;
  const patterns = [
    (n: number) => `/blog/topic-${n}/some-title-${chance() % 1000}`,
    (n: number) => `/de/docs-${n}/guide/page-${chance() % 1000}.html`,
    (n: number) => `/media/old-${n}-${chance() % 1000}.jpg`,
  ];
  return Array.from({ length: many }, (_, index) => {
    const tens = 10 * (chance() % (count / 10));
    if (kind === "exact") return exact(tens + (index % 7));
    if (kind === "pattern") return patterns[index % 3]!(tens + 7 + (index % 3));
    return index % 2 === 0 ? exact(tens + 7) : `/media/old-${tens}-${chance() % 1000}.jpg`;
  });
}

/** Look-ups of a round that only let the code be compiled, those that are timed, and those that are timed together. */
const [warming, timed, batch] = [20_000, 20_000, 500];

async function measureRedirects(count: number, rounds: number): Promise<Looked> {
  const written = redirectsOf(count);
  const { table, load } = await timeLoad(encodeRedirects(written), rounds);
  const texts = new Map(written.map((redirect) => [redirect.from, toEntry(redirect)]));
  const times = Array.from({ length: rounds }, (_, round) => ({
    exact: timeFinds(table, count, { kind: "exact", round }),
    pattern: timeFinds(table, count, { kind: "pattern", round }),
    none: timeFinds(table, count, { kind: "none", round }),
    map:
      timeBatches(pathsFor(count, "exact", { seed: round, many: timed }), batch, (path) => texts.has(path)).each / 1000,
  }));
  const spread = (field: Kind): Spread => spreadOf(times.map((round) => round[field]));
  const kinds = { exact: spread("exact"), pattern: spread("pattern"), none: spread("none") };
  const slowest = Math.max(...Object.values(kinds).map(({ middle }) => middle));
  return {
    redirects: count,
    ...kinds,
    ratio: spreadOf(times.map(({ exact, pattern, none, map }) => Math.max(exact, pattern, none) / map)),
    load,
    verdicts: { lookup: judge(slowest, targets.lookup), load: judge(load, targets.load) },
  };
}

/** The table, and the CPU milliseconds that it takes to make it of its file: the median. */
async function timeLoad(file: Uint8Array<ArrayBuffer>, rounds: number) {
  const loads: number[] = [];
  let table = new RedirectTable();
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    table = new RedirectTable((await readRedirects(new Blob([file]).stream()))!.entries);
    const { user, system } = process.cpuUsage(before);
    loads.push((user + system) / 1000);
  }
  return { table, load: median(loads) };
}

/** Microseconds that a look-up takes: other paths in each round, and other ones before that let the code be compiled. */
function timeFinds(
  table: RedirectTable,
  count: number,
  { kind, round }: { readonly kind: Kind; readonly round: number },
): number {
  const places = pathsFor(count, kind, { seed: round, many: warming + timed }).map((pathname) => ({
    hostname: "www.example.com",
    pathname,
    search: "",
  }));
  const isMoved = (place: (typeof places)[number]): boolean => table.find(place) !== undefined;
  timeBatches(places.slice(0, warming), batch, isMoved);
  const { each, yes } = timeBatches(places.slice(warming), batch, isMoved);
  if (yes !== (kind === "none" ? 0 : timed)) throw new BenchError(`${yes} paths of the kind "${kind}" are redirected`);
  return each / 1000;
}

function render(rows: readonly Looked[]): string {
  const headings = ["redirects", "exact µs", "by pattern", "none", "times a Map", "load, CPU ms", "targets"];
  const lines = rows.map(({ redirects: count, exact, pattern, none, ratio, load, verdicts }) => [
    String(count),
    ...[exact, pattern, none].map(({ middle }) => middle.toFixed(2)),
    `${ratio.middle.toFixed(1)} (${ratio.lowest.toFixed(1)}–${ratio.highest.toFixed(1)})`,
    load.toFixed(1),
    `look-up ${renderVerdict(verdicts.lookup, `${targets.lookup} µs`)}, load ${renderVerdict(verdicts.load, `${targets.load} ms`)}`,
  ]);
  return `look-ups in tables of redirects\n${align([headings, ...lines])}`;
}
