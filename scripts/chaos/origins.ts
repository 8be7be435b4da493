/** The origins, and what is done to them. */
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { startNode } from "../bench/children.ts";
import { BenchError } from "../bench/bench-error.ts";
import type { DemoPlace } from "../start/demo.ts";
import type { Saying, Telling } from "./protocol.ts";

export type FaultName = "killed" | "stalled" | "reset";

/** What can be done to an origin, and how that is undone. */
const faults: Readonly<
  Record<FaultName, { begin: (origin: Origin) => void; end: (origin: Origin) => Promise<void> | void }>
> = {
  killed: { begin: ({ child }) => void child.kill("SIGKILL"), end: (origin) => origin.start() },
  stalled: { begin: ({ child }) => void child.kill("SIGSTOP"), end: ({ child }) => void child.kill("SIGCONT") },
  reset: { begin: ({ child }) => tell(child, "reset"), end: ({ child }) => tell(child, "well") },
};

function tell(child: ChildProcess, telling: Telling): void {
  child.send(telling);
}

export const faultNames = Object.keys(faults) as readonly FaultName[];

/** One origin, over all processes that it is in turn. */
export class Origin {
  readonly place: DemoPlace;
  /** Set once it has started. */
  child!: ChildProcess;
  /** How often what each POST and PUT asks for was done, by its target. */
  readonly done = new Map<string, number>();
  #port = 0;
  #before = 0;
  #asked = 0;

  constructor(place: DemoPlace) {
    this.place = place;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Requests that it has seen so far, as far as it has told. */
  get asked(): number {
    return this.#before + this.#asked;
  }

  /** Resolves when it listens: on the port that it had before, if it had one. */
  async start(): Promise<void> {
    this.#before += this.#asked;
    this.#asked = 0;
    const { at } = this.place;
    this.child = startNode(join(import.meta.dirname, "origin.ts"), [...at, this.#port].map(String));
    const listening = Promise.withResolvers<void>();
    this.child.on("message", (saying: Saying) => {
      if ("asked" in saying) this.#asked = saying.asked;
      else if ("done" in saying) this.done.set(saying.done, (this.done.get(saying.done) ?? 0) + 1);
      else listening.resolve(void (this.#port = saying.port));
    });
    const { name } = this.place;
    this.child.once("exit", () => listening.reject(new BenchError(`the origin ${name} ended before it listened`)));
    await listening.promise;
  }

  begin(fault: FaultName): void {
    faults[fault].begin(this);
  }

  async end(fault: FaultName): Promise<void> {
    await faults[fault].end(this);
  }
}
