/** How many megabytes of real text a second of CPU takes the edge, when rules replace texts in it. In workerd. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../build.ts";
import { root } from "../project.ts";
import { BenchError } from "./bench-error.ts";
import { stop, type Server } from "./children.ts";
import type { Worker } from "./contestant.ts";
import { spreadOf, type Spread } from "./figures.ts";
import { readSched } from "./kernel.ts";
import { align } from "./report.ts";
import type { Section } from "./section.ts";
import { startWorkerd } from "./workerd.ts";

/** MB of the text that come in, by second of CPU. */
export interface Replaced {
  readonly what: string;
  readonly spread: Spread;
  /** How often the text has it. */
  readonly finds: number;
  /** Of those that have a target. */
  readonly isMet?: boolean;
}

export interface Task {
  readonly what: string;
  readonly edits: readonly Edit[];
  /** Of the median; patterns have none. */
  readonly target?: number;
}

interface Edit {
  readonly find?: string;
  readonly pattern?: string;
  readonly with: string;
}

/** Of an npm package, with comments in English, links and code. */
const textFile = join(root, "node_modules/playwright-core/types/types.d.ts");

const title = "replacing texts in bodies";

/** What is timed, beside the clock. */
const worker: Worker = {
  name: "replacing",
  build: async () => (await bundle(join(import.meta.dirname, "replace-worker.ts"), { minify: true })).code,
  bindings: () => ({}),
};

export const replacing: Section = {
  titles: [title],
  run: async (_, { rounds, workshop, progress }) => {
    const text = readFileSync(textFile, "utf8");
    const server = await startWorkerd(await workshop.furnish(worker));
    await ask(server, "/text", { method: "PUT", body: text });
    const rows: Replaced[] = [];
    for (const task of tasksFor(text)) {
      progress(`${title}: ${task.what}`);
      rows.push(await time(server, task, { text, rounds }));
    }
    await stop(server.child);
    return { tables: [renderReplaced(rows, text.length)], failures: [], figures: { replacing: rows } };
  },
};

/** Megabytes a second, of literals. */
const target = 100;

/** Literals that the text doesn't have, as most pages don't; those that it has all the time; and patterns. */
export function tasksFor(text: string): readonly Task[] {
  const hosts = (count: number): Edit[] =>
    Array.from({ length: count }, (_, index) => ({ find: `https://origin-${index}.example.com`, with: "" }));
  const words = [...new Set(text.match(/[A-Za-z]{6,}/g))];
  const common = (count: number): Edit[] =>
    Array.from({ length: count }, (_, index) => ({ find: words[Math.floor((index / count) * 400)]!, with: "word" }));
  const counts = [1, 10, 100];
  return [
    ...counts.map((count) => ({ what: `${count} × a URL that isn't there`, edits: hosts(count), target })),
    ...counts.map((count) => ({ what: `${count} × a word that is there`, edits: common(count), target })),
    { what: "pattern: https?://[\\w.-]+", edits: [{ pattern: "https?://[\\w.-]+", with: "" }] },
    { what: "pattern: \\b\\w+Error\\b", edits: [{ pattern: "\\b\\w+Error\\b", with: "word" }] },
    { what: "pattern with groups: @(\\w+)\\s+(\\w+)", edits: [{ pattern: "@(\\w+)\\s+(\\w+)", with: "$2 $1" }] },
  ];
}

/** The runtime's own way, in the whole text: what is found, and the text that comes of it. */
export function replaceWhole(text: string, edits: readonly Edit[]): { readonly text: string; readonly finds: number } {
  const quoted = (literal: string): string => literal.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(edits.map(({ find, pattern: one }) => one ?? quoted(find!)).join("|"), "g");
  const by = edits[0]!.with;
  return { text: text.replaceAll(pattern, by), finds: text.match(pattern)?.length ?? 0 };
}

/** How often the text goes through in a round; and rounds before those that count, in which code is compiled. */
const [times, warming] = [10, 2];

interface Timed {
  readonly text: string;
  readonly rounds: number;
}

async function time(server: Server, task: Task, { text, rounds }: Timed): Promise<Replaced> {
  await ask(server, "/edits", { method: "POST", body: JSON.stringify(task.edits) });
  const whole = replaceWhole(text, task.edits);
  const megabytes = (Buffer.byteLength(text) * times) / 1e6;
  const rates: number[] = [];
  for (let round = 0; round < warming + rounds; round++) {
    const before = readSched(server.child.pid!).ran;
    const bytes = Number(await ask(server, `/run/${times}`));
    rates.push(megabytes / ((readSched(server.child.pid!).ran - before) / 1e6));
    if (bytes !== Buffer.byteLength(whole.text)) throw new BenchError(`${task.what}: another text than is right`);
  }
  return toReplaced(task, rates.slice(warming), whole.finds);
}

async function ask({ url }: Server, path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url + path, init);
  if (!response.ok) throw new BenchError(`replacing texts couldn't be timed: status ${response.status}`);
  return response.text();
}

export function toReplaced({ what, target: least }: Task, rates: readonly number[], finds: number): Replaced {
  const spread = spreadOf(rates);
  return { what, spread, finds, ...(least !== undefined && { isMet: Math.round(spread.middle) >= least }) };
}

/** One table. */
export function renderReplaced(rows: readonly Replaced[], bytes: number): string {
  const headings = ["", "finds", "MB/s of CPU", "lowest–highest", "target"];
  const lines = rows.map(({ what, finds, spread: { middle, lowest, highest }, isMet }) => [
    what,
    finds.toLocaleString("en-US"),
    middle.toFixed(0),
    `${lowest.toFixed(0)}–${highest.toFixed(0)}`,
    isMet === undefined ? "" : `≥ ${target}: ${isMet ? "met" : "NOT met"}`,
  ]);
  return `replacing texts in ${(bytes / 1e6).toFixed(1)} MB\n${align([headings, ...lines])}`;
}
