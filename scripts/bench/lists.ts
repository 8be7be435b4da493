/** What a look-up in a list takes, by the list's length; and to load it. In this process: it asks nobody. */
import { setTimeout as pause } from "node:timers/promises";
import { parseAddress } from "../../src/http/ip.ts";
import { encode, FixedList } from "../../src/lists/lists.ts";
import { readList } from "../../src/lists/read.ts";
import { timeBatches, type Questions } from "./batches.ts";
import { judge, median, type Verdict } from "./figures.ts";
import { chanceFrom, prefixes, questions } from "./list-questions.ts";
import { align, renderVerdict } from "./report.ts";
import type { Section } from "./section.ts";

/** Nanoseconds a look-up, medians. */
interface Lookups {
  readonly prefixes: number;
  /** Of an IPv4 address that is parsed already. */
  readonly v4: number;
  readonly v4Text: number;
  readonly v6Text: number;
  /** In a Set of as many texts: what the runtime itself takes for the question whether one is known. */
  readonly set: number;
  /** Bytes of the file. */
  readonly bytes: number;
  /** CPU milliseconds to read it from a stream, with all that the runtime does meanwhile. */
  readonly load: number;
  readonly verdicts: Readonly<Record<"v4" | "v6Text" | "bytes" | "load", Verdict>>;
}

/** At a million prefixes and at fewer. */
const targets = { v4: 100, v6Text: 500, bytes: 16 * 2 ** 20, load: 50 };

const sizes = [1_000, 100_000, 1_000_000];
const titleOf = (size: number): string => `lists: ${size.toLocaleString("en-US")} prefixes`;

export const lists: Section = {
  titles: sizes.map(titleOf),
  async run(isWanted, { rounds, progress }) {
    const rows: Lookups[] = [];
    for (const size of sizes.filter((each) => isWanted(titleOf(each)))) {
      progress(titleOf(size));
      rows.push(await measureLists(size, rounds));
    }
    return { tables: [render(rows)], failures: [], figures: { lists: rows } };
  },
};

/** Questions of each family: before, and those that are timed. */
const warming = 100_000;
const asked = 20_000;

async function measureLists(size: number, rounds: number): Promise<Lookups> {
  const members = [...prefixes(size, chanceFrom(size))];
  const built = FixedList.of([{ kind: "prefixes", prefixes: members }]);
  const file = encode(built.sections);
  const loads: number[] = [];
  let list = built;
  for (let round = 0; round < rounds; round++) {
    const stream = new Blob([file]).stream();
    const before = process.cpuUsage();
    list = (await readList(stream))!.list as FixedList;
    const { user, system } = process.cpuUsage(before);
    loads.push((user + system) / 1000);
  }
  const { v4, v6 } = questions(warming + asked, members, chanceFrom(size + 1));
  const words = Float64Array.from(v4, (text) => parseAddress(text)![0]);
  const texts = new Set(questions(size, members, chanceFrom(size + 2)).v4);
  // What is cleared away after all this would take the memory's time.
  await pause(500);
  const timed = {
    v4: timeEach(words, (word) => list.sections.v4.has([word])),
    v4Text: timeEach(v4, (text) => list.hasText(text)),
    v6Text: timeEach(v6, (text) => list.hasText(text)),
    set: timeEach(v4, (text) => texts.has(text)),
    bytes: file.length,
    load: median(loads),
  };
  const judged = (field: keyof typeof targets): Verdict => judge(timed[field], targets[field]);
  return {
    prefixes: size,
    ...timed,
    verdicts: { v4: judged("v4"), v6Text: judged("v6Text"), bytes: judged("bytes"), load: judged("load") },
  };
}

/** Questions that are timed together. */
const batch = 500;

/**
 * Nanoseconds that a question takes: the median of the batches. The first questions only let the code be compiled: they are
 * others than those that are timed, because what was asked once is in the processor's cache.
 */
function timeEach<T>(questions: Questions<T>, ask: (question: T) => boolean): number {
  const warm = timeBatches(questions.slice(0, warming), batch, ask);
  const timed = timeBatches(questions.slice(warming), batch, ask);
  if (warm.yes + timed.yes === 0) throw new Error("no question was answered with yes");
  return timed.each;
}

function render(rows: readonly Lookups[]): string {
  const headings = [
    "prefixes",
    "IPv4 ns",
    "from text",
    "IPv6 ns, from text",
    "Set of texts ns",
    "file KB",
    "load, CPU ms",
    "targets",
  ];
  const lines = rows.map(({ prefixes: count, v4, v4Text, v6Text, set, bytes, load, verdicts }) => [
    String(count),
    ...[v4, v4Text, v6Text, set, bytes / 1024].map((value) => value.toFixed(0)),
    load.toFixed(1),
    Object.entries(verdicts)
      .map(
        ([field, verdict]) => `${names[field as keyof typeof names]} ${renderVerdict(verdict, limits(verdict, field))}`,
      )
      .join(", "),
  ]);
  return `look-ups in lists\n${align([headings, ...lines])}`;
}

const names = { v4: "IPv4", v6Text: "IPv6", bytes: "file", load: "load" };

function limits({ atMost }: Verdict, field: string): string {
  return field === "bytes" ? `${atMost / 1024} KB` : `${atMost} ${field === "load" ? "ms" : "ns"}`;
}
