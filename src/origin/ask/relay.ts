/** One body out of what several origins send of it. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { readBytes, type ByteReader } from "../../http/byte-reader.ts";
import { brokeOff } from "../learn.ts";
import type { Course } from "./course.ts";
import { fetchRest, othersFirst } from "./fetch-rest.ts";
import { whileWaiting } from "./retries.ts";
import type { Continuable } from "./rest.ts";
import { hasLeft, type Sendable } from "./sendable.ts";
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
  /** The byte of the representation before which it ends; undefined when nobody said. */
  readonly end: number | undefined;
  /** Milliseconds in which a byte must come. */
  readonly idle: number;
}

/** Where bytes come from. */
interface Flow {
  readonly reader: ByteReader;
  /** The origin's name. */
  readonly from: string;
  readonly letGo: Answer["letGo"];
}

/** Where the relaying is. */
export class Relay {
  readonly #relaying: Relaying;
  /** Of those who are asked for the rest. */
  readonly #course: Course;
  readonly #watch: Watch;
  #flow: Flow;
  /** The next byte of the representation. */
  #at: number;
  #isStalled = false;
  #isOver = false;

  constructor(flow: Flow, relaying: Relaying) {
    const { edge, origins, idle, wanted } = relaying;
    this.#relaying = relaying;
    this.#flow = flow;
    this.#at = wanted?.first ?? 0;
    this.#course = othersFirst(origins, flow.from);
    this.#watch = watch(idle, edge, () => {
      this.#isStalled = true;
      this.#letGo(new Error(`no byte in ${idle} ms`));
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
      await writer.close();
      await this.#finish();
    } catch (error) {
      this.#giveUp(error);
      await writer.abort(error).catch(() => undefined);
    }
  }

  /** Where the end is known, that of the stream hasn't been read yet; until then its origin's place would be taken. */
  async #finish(): Promise<void> {
    this.#watch.begin();
    const { done } = await this.#flow.reader.read().catch(() => ({ done: true }));
    this.#watch.close();
    if (!done) this.#letGo(new RangeError("there is more"));
  }

  #giveUp(reason: unknown): void {
    this.#isOver = true;
    this.#watch.close();
    this.#letGo(reason);
  }

  #letGo(reason: unknown): void {
    this.#flow.reader.cancel(reason).catch(() => undefined);
    this.#flow.letGo?.();
  }

  /**
   * The next piece, from this origin or, when that fails, from those after it; undefined at the end. A body of which all bytes
   * have come is whole, whatever happens then.
   */
  async #read(): Promise<Uint8Array | undefined> {
    while (this.#at !== this.#relaying.end) {
      try {
        const piece = await this.#readPiece();
        this.#at += piece?.byteLength ?? 0;
        return piece;
      } catch (cause) {
        await this.#goOn(cause);
      }
    }
    return undefined;
  }

  /** @throws when it fails, or isn't as long as was told. */
  async #readPiece(): Promise<Uint8Array | undefined> {
    const { end } = this.#relaying;
    this.#watch.begin();
    const { done, value } = await this.#flow.reader.read().finally(this.#watch.end);
    const isShort = done && (this.#isStalled || end !== undefined);
    const isLong = end !== undefined && value !== undefined && this.#at + value.byteLength > end;
    if (isShort || isLong) throw new RangeError(`the body is too ${isShort ? "short" : "long"}, at byte ${this.#at}`);
    return value;
  }

  /** On to the rest, from another origin. @throws `cause` when there is none. */
  async #goOn(cause: unknown): Promise<void> {
    const { wanted, sendable, edge } = this.#relaying;
    // It is no fault of the origin's that its request was ended.
    if (this.#isOver || hasLeft(sendable)) throw cause;
    this.#letGo(cause);
    brokeOff(this.#flow.from, { visit: sendable.visit, edge });
    const told = [`${this.#flow.from}:${this.#isStalled ? "stalled" : "broke"}@${this.#at}`];
    this.#isStalled = false;
    const rest = wanted && (await this.#findRest(wanted, told));
    if (!wanted) told.push("not-resumable");
    sendable.visit.trail.noteLate("origin", told.join("+"));
    if (!rest) throw cause;
    this.#flow = rest;
  }

  async #findRest(wanted: Continuable, told: string[]): Promise<Flow | undefined> {
    const asking = { wanted, at: this.#at, course: this.#course, told, isOver: () => this.#isOver };
    const { sendable, edge } = this.#relaying;
    const site = edge.fleet.site(sendable.visit.site.name);
    const answer = await whileWaiting(site, edge.now(), () => fetchRest(asking, this.#relaying));
    if (!(answer?.body instanceof ReadableStream)) return undefined;
    if (!this.#isOver) return { reader: readBytes(answer.body), from: answer.origin!, letGo: answer.letGo };
    discard(answer.body);
    answer.letGo?.();
    return undefined;
  }
}
