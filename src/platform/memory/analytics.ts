/** Counting what visits do in experiments: for an isolate by itself, or in batches for one who counts for all locations. */
import type { Account, Analytics, Counts, Ledger, Measured, Moment, Standing, Told } from "../../analytics.ts";
import type { Edge } from "../../edge.ts";
import { countsOf, merge, noCounts, sum } from "./counts.ts";
import { createExperimentBook, expectedOf, noAccount, type ExperimentBook } from "./experiment-book.ts";
import { createFirstTime } from "./first-time.ts";
import { momentOf, sumOfMoments } from "./moments.ts";

/** Milliseconds within which what comes again isn't new, unless it is said, and as many texts are remembered for that. */
const [repetition, mostRemembered] = [5_000, 20_000];

function createIsNew(now: Edge["now"]): Analytics["isNew"] {
  const firstTime = createFirstTime(now, mostRemembered);
  return (text, within = repetition) => firstTime(text, now() + within);
}

interface Counting {
  readonly now: Edge["now"];
  /** Hears of what has to be known to an operator. */
  readonly warn: (line: string) => void;
}

/** In the isolate's memory, for as long as that lasts. */
export function createMemoryAnalytics({ now, warn }: Counting): Analytics {
  const books = new Map<string, ExperimentBook>();
  let number = 0;
  const bookOf = (name: string): ExperimentBook => {
    const book = books.get(name) ?? createExperimentBook({ now, warn });
    books.set(name, book);
    return book;
  };
  return {
    count: (experiment, variant, what) =>
      void bookOf(experiment.name).hear({
        experiment,
        counts: { [variant]: countsOf(what) },
        moments: what.kind === "answer" ? [momentOf(now(), variant, what)] : [],
        by: "here",
        number: (number += 1),
      }),
    isNew: createIsNew(now),
    standing: (experiment) => books.get(experiment)?.account().standing ?? {},
    read: async (experiment) => books.get(experiment)?.account() ?? noAccount,
    resume: async (experiment) => books.get(experiment)?.resume(),
  };
}

/** What this isolate has counted of one experiment and not told yet. */
interface Batch {
  experiment: Measured;
  /** By variant. */
  counts: Map<string, Counts>;
  /** Likewise: clients that were to be expected there, as verdicts were known here when they came. */
  expected: Account["expected"];
  /** By second; see {@link mostMoments}. */
  moments: Map<number, Moment>;
  /** What is on its way, or never came back: it is told again before anything else. */
  sent: Told | undefined;
  number: number;
  standing: Standing;
  toldAt: number;
  /** Since when somebody is about to tell; undefined when nobody is. */
  dueSince: number | undefined;
}

/** As many seconds are told of to the guard at most: when nobody could be told for longer, the first of them are forgotten. */
const mostMoments = 30;

interface Batching extends Pick<Edge, "now" | "after" | "defer"> {
  readonly ledger: Ledger;
  /** Unique to the isolate. */
  readonly by: string;
}

/** Milliseconds from one telling to the next, at least: as long a verdict of the guard takes to hold everywhere. */
export const pause = 5_000;

/** Milliseconds after which one who was about to tell is given up: it can end with the visit it was for. */
const longestTelling = pause + 10_000;

/** What is counted goes to the ledger once in a while, in the background. What it doesn't take is told again. */
export function createBatchedAnalytics({ ledger, by, now, after, defer }: Batching): Analytics {
  const batches = new Map<string, Batch>();
  const batchOf = (experiment: Measured): Batch => {
    const batch = batches.get(experiment.name) ?? newBatch(experiment);
    batches.set(experiment.name, Object.assign(batch, { experiment }));
    return batch;
  };
  const tell = async (batch: Batch): Promise<void> => {
    batch.toldAt = now();
    batch.sent ??= take(batch, by);
    try {
      batch.standing = await ledger.tell(batch.sent);
      batch.sent = undefined;
    } catch (error) {
      console.error("Those who count experiments can't be reached:", error);
    }
  };
  const tellLater = async (batch: Batch): Promise<void> => {
    const wait = batch.toldAt + pause - now();
    if (wait > 0) await new Promise<void>((resolve) => void after(wait, resolve));
    await tell(batch);
    batch.dueSince = undefined;
    // Counted meanwhile, perhaps by the last visit for long.
    if (batch.counts.size > 0) tellSoon(batch);
  };
  const tellSoon = (batch: Batch): void => {
    if (batch.dueSince !== undefined && now() - batch.dueSince < longestTelling) return;
    batch.dueSince = now();
    defer(tellLater(batch));
  };
  return {
    count(experiment, variant, what) {
      const batch = batchOf(experiment);
      batch.counts.set(variant, sum(batch.counts.get(variant) ?? noCounts, countsOf(what)));
      if (what.kind === "exposure") {
        batch.expected = merge(batch.expected, expectedOf(experiment, batch.standing, 1), (all = 0, one) => all + one);
      }
      if (what.kind === "answer") remember(batch.moments, momentOf(now(), variant, what));
      tellSoon(batch);
    },
    isNew: createIsNew(now),
    standing: (experiment) => batches.get(experiment)?.standing ?? {},
    read: async (experiment) => ledger.read(experiment),
    async resume(experiment) {
      await ledger.resume(experiment);
      const batch = batches.get(experiment);
      if (batch) batch.standing = {};
    },
  };
}

function newBatch(experiment: Measured): Batch {
  return {
    experiment,
    counts: new Map(),
    expected: {},
    moments: new Map(),
    sent: undefined,
    number: 0,
    standing: {},
    toldAt: Number.NEGATIVE_INFINITY,
    dueSince: undefined,
  };
}

function remember(moments: Batch["moments"], moment: Moment): void {
  moments.set(moment.at, sumOfMoments(moments.get(moment.at), moment));
  for (const at of moments.keys()) {
    if (moments.size <= mostMoments) break;
    moments.delete(at);
  }
}

function take(batch: Batch, by: string): Told {
  const { experiment, expected } = batch;
  const counts = Object.fromEntries(batch.counts);
  const moments = [...batch.moments.values()];
  batch.counts.clear();
  batch.expected = {};
  batch.moments.clear();
  batch.number += 1;
  return { experiment, counts, expected, moments, by, number: batch.number };
}
