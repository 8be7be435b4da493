/** The results, for people. Pure. */
import type { Suite } from "./case.ts";
import { outOfReach } from "./out-of-reach.ts";
import { isPassed, kinds, scoreOf, type Result, type Score } from "./score.ts";

/** Suites that are played and counted together. */
export interface Part {
  /** What it is, for headings: "The project's own cases". */
  readonly name: string;
  /** They are of the suite that other products' results are known of. */
  readonly isPublic?: boolean;
  readonly suites: readonly Suite[];
}

/** A part, and what came of it. */
export interface Played {
  readonly part: Part;
  readonly results: readonly Result[];
  /** What comes of it with `storeSetCookie = true`. */
  readonly set: readonly Result[];
}

/** One line a suite, and their sum. */
export function table({ name, suites }: Part, results: readonly Result[]): string {
  const row = (label: string, of: readonly Result[]): string =>
    [label.padEnd(26), ...kinds.map((kind) => written(scoreOf(of, kind)).padStart(9))].join("  ");
  const rows = suites.map(({ id }) => [id, results.filter(({ suite }) => suite === id)] as const);
  return [
    name,
    ["".padEnd(26), ...kinds.map((kind) => kind.padStart(9))].join("  "),
    ...rows.filter(([, its]) => its.length > 0).map(([id, its]) => row(id, its)),
    row("all", results),
  ].join("\n");
}

/** The cases that did not pass, one line each with the reason. */
export function failures(results: readonly Result[]): readonly string[] {
  return results
    .filter((one) => !isPassed(one))
    .map(({ id, kind, verdict }) => {
      const why = verdict.kind === "passed" ? "" : verdict.why;
      const known = outOfReach.get(id);
      return `${kind.padEnd(8)} ${id}: ${verdict.kind.replaceAll("-", " ")}: ${why}${known ? ` (out of reach: ${known})` : ""}`;
    });
}

/** Passed cases of the whole public suite: required of 160, optimal of 105. */
const others: readonly (readonly [product: string, required: number, optimal: number, how: string])[] = [
  ["Apache Traffic Server", 133, 73, "measured"],
  ["Apache httpd", 131, 68, "measured"],
  ["Squid", 121, 58, "measured"],
  ["Caddy's cache-handler", 121, 44, "published"],
  ["Varnish", 119, 45, "measured"],
  ["the usual Cache API Worker", 102, 63, "measured"],
  ["nginx", 100, 58, "measured"],
  ["Fastly", 96, 49, "published"],
  ["HAProxy", 89, 39, "measured"],
  ["Hono's cache middleware", 84, 25, "measured"],
];

/** The page docs/CONFORMANCE.md. */
export function page(played: readonly Played[]): string {
  return [
    "# Conformance",
    "",
    "`npm run conformance` plays HTTP cache cases against the edge over real HTTP, as `npm start -- --origin URL` serves it with default settings:",
    "the client asks through the edge's socket, an origin plays each case's answers and records what reached it. `-- --write` writes this page.",
    "",
    "A case is **required** by an RFC, **optimal** (allowed, and what a good cache does) or a **check** (both ways are right). One whose own",
    "preconditions fail, or that builds on a case that failed, does not count as passed.",
    ...played.flatMap(({ part, results }) => section(part, results)),
    ...withSetting(played),
    "",
    "## Beside others",
    "",
    "The public suite has 160 required and 105 optimal cases. Against other products it was played **whole**, in November 2026. Of the whole, only the",
    "part above was at hand for Perigee, so its row says of how many, and what it would score in the rest is not known. The most that a",
    "Worker can reach of the whole is 158 and 100: interim answers (1xx) and M-SEARCH don't pass the runtime, and some optimal cases ask for what",
    "the RFCs forbid. One required case keeps an answer that sets cookies and doesn't say that it is for everybody: [by default](CACHING.md#what-an-attacker-finds)",
    "Perigee doesn't, so that 157 is the most that it can reach by default, and 158 with `storeSetCookie = true`.",
    "",
    ...markdown(
      ["product", "required of 160", "optimal of 105", ""],
      [...ours(played), ...others.map((row) => row.map(String))],
    ),
    "",
  ].join("\n");
}

/** Perigee's row: of how many, because not all were played. */
function ours(played: readonly Played[]): readonly (readonly string[])[] {
  return played
    .filter(({ part }) => part.isPublic)
    .map(({ results }) => {
      const [required, optimal] = [scoreOf(results, "required"), scoreOf(results, "optimal")];
      const said = ({ passed, all }: Score): string => `${passed} of the ${all} played`;
      return ["Perigee, by default", said(required), said(optimal), "measured, a part"];
    });
}

/** What another setting changes. */
function withSetting(played: readonly Played[]): string[] {
  const rows = played.flatMap(({ part, results, set }) => [
    [part.name, "by default", ...kinds.map((kind) => written(scoreOf(results, kind)))],
    ["", "with it", ...kinds.map((kind) => written(scoreOf(set, kind)))],
  ]);
  const gained = played.flatMap(({ results, set }) =>
    set.filter((one, at) => isPassed(one) !== isPassed(results[at]!)).map(({ id, kind }) => `${kind} \`${id}\``),
  );
  return [
    "",
    "## With `storeSetCookie = true`",
    "",
    "Cases whose answers set cookies are played with that setting too; it touches no others.",
    "",
    ...markdown(["", "", ...kinds], rows),
    "",
    gained.length === 0
      ? "It makes no difference to these cases."
      : `It makes the difference to: ${gained.join(", ")}.`,
  ];
}

function section({ name, suites }: Part, results: readonly Result[]): string[] {
  const titles = new Map(suites.map((suite) => [suite.id, suite.name]));
  const rows = [...titles].map(([id, title]) => [
    title,
    ...kinds.map((kind) =>
      written(
        scoreOf(
          results.filter(({ suite }) => suite === id),
          kind,
        ),
      ),
    ),
  ]);
  const all = ["**all**", ...kinds.map((kind) => `**${written(scoreOf(results, kind))}**`)];
  const failed = failures(results.filter(({ kind }) => kind !== "check"));
  return [
    "",
    `## ${name}`,
    "",
    ...markdown(["suite", ...kinds], [...rows, all]),
    ...(failed.length === 0
      ? []
      : ["", "Not passed:", "", ...failed.map((line) => `- ${line.trim().replace(/^(\w+) +(\S+):/, "$1 `$2`:")}`)]),
  ];
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

function written({ passed, all }: Score): string {
  return all === 0 ? "" : `${passed}/${all}`;
}
