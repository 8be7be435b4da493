/** One body out of what several origins send of it. */
import { discard } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { readBytes, type ByteReader } from "../../http/byte-reader.ts";
import { brokeOff } from "../learn.ts";
import type { Attempt } from "./attempt.ts";
import type { Turn } from "./course.ts";
import { askingForRest, isRest, type Continuable } from "./rest.ts";
import { whyNoMore, type WhyNoMore } from "./retries.ts";
import { hasLeft, type Sendable } from "./sendable.ts";
import { takeTurn } from "./turns.ts";
import { watch, type Watch } from "./watch.ts";

/** How an answer was come by. */
export interface Source {
  /** Who may be asked for the rest. */
  readonly origins: readonly Origin[];
  readonly sendable: Sendable;
  readonly edge: Edge;
}

interface Relaying extends Source {
  /** Undefined when it can't be continued. */
  readonly wanted: Continuable | undefined;
  /** Milliseconds in which a byte must come. */
  readonly idle: number;
}

/** Where bytes come from. */
interface Flow {
  readonly reader: ByteReader;
  /** The origin's name. */
  readonly from: string;
}

/** How often the rest of one body is asked for at most. */
const mostAsks = 10;

/** Where the relaying is. */
export class Relay {
  readonly #relaying: Relaying;
  readonly #queue: Turn[];
  readonly #watch: Watch;
  #flow: Flow;
  /** The next byte of the representation. */
  #at: number;
  #asks = 0;
  #isStalled = false;
  #isOver = false;

  constructor(flow: Flow, relaying: Relaying) {
    const { edge, origins, idle, wanted } = relaying;
    this.#relaying = relaying;
    this.#flow = flow;
    this.#at = wanted?.first ?? 0;
    this.#queue = othersFirst(origins, flow.from);
    this.#watch = watch(idle, edge, () => {
      this.#isStalled = true;
      this.#flow.reader.cancel(new Error(`no byte in ${idle} ms`)).catch(() => undefined);
    });
  }

  /** Hands everything on, as fast as it is taken. It breaks off as the origin's body did when nobody has the rest. */
  async run(writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
    writer.closed.catch((error: unknown) => this.#giveUp(error));
    try {
      for (let piece = await this.#read(); piece; piece = await this.#read()) {
        await writer.write(piece);
        this.#flow.reader.release(piece);
      }
      this.#watch.close();
      await writer.close();
    } catch (error) {
      this.#giveUp(error);
      await writer.abort(error).catch(() => undefined);
    }
  }

  #giveUp(reason: unknown): void {
    this.#isOver = true;
    this.#watch.close();
    this.#flow.reader.cancel(reason).catch(() => undefined);
  }

  /** The next piece, from this origin or, when that fails, from those after it; undefined at the end. */
  async #read(): Promise<Uint8Array | undefined> {
    for (;;) {
      try {
        this.#watch.begin();
        const { done, value } = await this.#flow.reader.read();
        this.#watch.end();
        if (done && this.#isShort()) throw new RangeError(`the body ended at byte ${this.#at}`);
        this.#at += value?.byteLength ?? 0;
        return value;
      } catch (cause) {
        this.#watch.end();
        await this.#goOn(cause);
      }
    }
  }

  #isShort(): boolean {
    const { wanted } = this.#relaying;
    return this.#isStalled || (wanted !== undefined && this.#at <= wanted.last);
  }

  /** On to the rest, from another origin. @throws `cause` when there is none. */
  async #goOn(cause: unknown): Promise<void> {
    const { wanted, sendable, edge } = this.#relaying;
    // It is no fault of the origin's that its request was ended.
    if (this.#isOver || hasLeft(sendable)) throw cause;
    brokeOff(this.#flow.from, { visit: sendable.visit, edge });
    const told = [`${this.#flow.from}:${this.#isStalled ? "stalled" : "broke"}@${this.#at}`];
    this.#isStalled = false;
    const why = wanted ? await this.#findRest(wanted, told) : "not-resumable";
    if (why !== undefined) told.push(why);
    sendable.visit.trail.noteLate("origin", told.join("+"));
    if (why !== undefined) throw cause;
  }

  /** @param told gets what the trail is to tell. */
  async #findRest(wanted: Continuable, told: string[]): Promise<WhyNoMore | undefined> {
    const { sendable, edge } = this.#relaying;
    const { site } = sendable.visit;
    const turning = {
      queue: this.#queue,
      edge,
      note: (_: string, decision: string) => void told.push(decision),
    };
    for (let last: Attempt = brokenOff; ;) {
      const progress = { ...sendable, tries: this.#asks++, last, isAnyLeft: this.#queue.length > 0 };
      const retry = { ...site.asking.retry, tries: mostAsks };
      const why = whyNoMore(progress, retry, { site: edge.fleet.site(site.name), now: edge.now() });
      if (why !== undefined) return why;
      const taken = await takeTurn(askingForRest(sendable, wanted, this.#at), turning);
      ({ last } = taken);
      if (last.kind === "failed") continue;
      const { body } = last.answer;
      if (isRest(last.answer, wanted, this.#at) && body instanceof ReadableStream && !this.#isOver) {
        this.#flow = { reader: readBytes(body), from: taken.origin.name };
        return undefined;
      }
      discard(body);
      told.push("not-the-rest");
    }
  }
}

const brokenOff: Attempt = { kind: "failed", because: "connection" };

/** Whom to ask for the rest: the origin that broke off last. */
function othersFirst(origins: readonly Origin[], from: string): Turn[] {
  const [own, others] = [true, false].map((isOwn) => origins.filter(({ name }) => (name === from) === isOwn));
  return [...others!.map((origin) => ({ origin, asked: 0 })), ...own!.map((origin) => ({ origin, asked: 1 }))];
}
