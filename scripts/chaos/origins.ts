/** The origins, and what is done to them. */
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { startNode } from "../bench/children.ts";
import { BenchError } from "../bench/bench-error.ts";
import type { DemoPlace } from "../start/demo.ts";
import type { Saying, Telling } from "./protocol.ts";

export type FaultName = "killed" | "stalled" | "reset" | "slow";

interface FaultKind {
  readonly begin: (origin: Origin) => Promise<void> | void;
  /** Resolves when the origin is as before. */
  readonly end: (origin: Origin) => Promise<void> | void;
  /** Whether the origin answers all that it is asked meanwhile, and rightly. */
  readonly isWell?: true;
}

/** What can be done to an origin, and how that is undone. */
const faults: Readonly<Record<FaultName, FaultKind>> = {
  killed: { begin: ({ child }) => void child.kill("SIGKILL"), end: (origin) => origin.start() },
  stalled: { begin: ({ child }) => void child.kill("SIGSTOP"), end: ({ child }) => void child.kill("SIGCONT") },
  reset: { begin: ({ child }) => tell(child, "reset"), end: ({ child }) => tell(child, "well") },
  slow: { begin: ({ child }) => tell(child, "slow"), end: ({ child }) => tell(child, "well"), isWell: true },
};

/** Resolves when it is so. */
async function tell(child: ChildProcess, telling: Telling): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listen = (saying: Saying): void => void ("is" in saying && saying.is === telling && resolve());
  child.on("message", listen);
  child.send(telling);
  await promise.finally(() => child.off("message", listen));
}

export const faultNames = Object.keys(faults) as readonly FaultName[];

/** Whether an origin of which that is so answers all that it is asked, if late. */
export function isWellWhile(fault: FaultName): boolean {
  return faults[fault].isWell ?? false;
}

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
      else if ("port" in saying) listening.resolve(void (this.#port = saying.port));
    });
    const { name } = this.place;
    this.child.once("exit", () => listening.reject(new BenchError(`the origin ${name} ended before it listened`)));
    await listening.promise;
  }

  async begin(fault: FaultName): Promise<void> {
    await faults[fault].begin(this);
  }

  async end(fault: FaultName): Promise<void> {
    await faults[fault].end(this);
  }
}
