/** Counting experiments for all locations: a Durable Object for each. Nobody but the Worker reaches it. */
import { DurableObject } from "cloudflare:workers";
import type { Account, Analytics, Ledger, Standing, Told } from "../../analytics.ts";
import { inTime } from "../../http/in-time.ts";
import { createExperimentBook, type BookState, type ExperimentBook } from "../memory/experiment-book.ts";

/** What the object answers to. */
interface ExperimentsMethods extends Rpc.DurableObjectBranded {
  readonly tell: (told: Told) => Promise<Standing>;
  readonly read: () => Promise<Account>;
  readonly resume: () => Promise<void>;
}

/** Milliseconds until it has answered at most. No visit waits for it. */
const longestSilence = 5_000;

export function createLedger(namespace: DurableObjectNamespace): Ledger {
  const ask = async <T>(name: string, question: (object: ExperimentsMethods) => Promise<T>): Promise<T> => {
    const object = namespace.get(namespace.idFromName(name)) as unknown as ExperimentsMethods;
    const answer = await inTime(
      question(object).then((value) => ({ value })),
      longestSilence,
    );
    if (answer) return answer.value;
    throw new DOMException(`who counts ${name} said nothing in ${longestSilence} ms`, "TimeoutError");
  };
  return {
    tell: async (told) => ask(told.experiment.name, async (object) => object.tell(told)),
    read: async (experiment) => ask(experiment, async (object) => object.read()),
    resume: async (experiment) => ask(experiment, async (object) => object.resume()),
  };
}

/** As many isolates are known that have told of it; of more, those that did so long ago are forgotten. */
const mostKnown = 20_000;

/** What is counted is kept before it is answered for, so that the counts are exact. */
export class Experiments extends DurableObject<object> implements Pick<ExperimentsMethods, "tell" | "read" | "resume"> {
  readonly #heard = new Map<string, number>();
  readonly #book: ExperimentBook;

  constructor(state: DurableObjectState, bindings: object) {
    super(state, bindings);
    const { sql } = state.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS book (id INTEGER PRIMARY KEY, state TEXT NOT NULL)");
    sql.exec("CREATE TABLE IF NOT EXISTS heard (teller TEXT PRIMARY KEY, number INTEGER NOT NULL)");
    const [kept] = sql.exec<{ state: string }>("SELECT state FROM book").toArray();
    const heard = sql.exec<{ teller: string; number: number }>("SELECT teller, number FROM heard ORDER BY rowid");
    for (const { teller, number } of heard) this.#heard.set(teller, number);
    this.#book = createExperimentBook({
      now: () => Date.now(),
      warn: (line) => console.error(line),
      before: kept && (JSON.parse(kept.state) as BookState),
      keep: (next) => void sql.exec("INSERT OR REPLACE INTO book (id, state) VALUES (1, ?)", JSON.stringify(next)),
      heard: this.#heard,
    });
  }

  async tell(told: Told): Promise<Standing> {
    const standing = this.#book.hear(told);
    const { sql } = this.ctx.storage;
    sql.exec("INSERT OR REPLACE INTO heard (teller, number) VALUES (?, ?)", told.by, told.number);
    for (const teller of this.#heard.keys()) {
      if (this.#heard.size <= mostKnown) break;
      this.#heard.delete(teller);
      sql.exec("DELETE FROM heard WHERE teller = ?", teller);
    }
    return standing;
  }

  async read(): Promise<Account> {
    return this.#book.account();
  }

  async resume(): Promise<void> {
    this.#book.resume();
  }
}

/** The same counting, and each thing that happened becomes a data point of the platform's Analytics Engine too. */
export function withPoints(analytics: Analytics, points: AnalyticsEngineDataset): Analytics {
  return {
    ...analytics,
    count(experiment, variant, what) {
      analytics.count(experiment, variant, what);
      const goal = what.kind === "conversion" ? what.goal : "";
      const [failed, ms] = what.kind === "answer" ? [Number(what.failed), what.ms] : [0, 0];
      points.writeDataPoint({
        indexes: [experiment.name.slice(0, longestIndex)],
        blobs: [experiment.name, variant, what.kind, goal],
        doubles: [1, failed, ms],
      });
    },
  };
}

/** Bytes: names are of ASCII. */
const longestIndex = 96;

export function isDataset(binding: unknown): binding is AnalyticsEngineDataset {
  return typeof binding === "object" && binding !== null && "writeDataPoint" in binding;
}
