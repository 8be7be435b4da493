/** What the Worker weighs: the size of its bundle, and how long it takes to start. */
import { gzipSync } from "node:zlib";
import { BenchError } from "./bench-error.ts";
import { stop } from "./children.ts";
import { judge, median, type Verdict } from "./figures.ts";
import { startWorkerd } from "./workerd.ts";

export interface Weight {
  /** Bytes. */
  readonly raw: number;
  /** Bytes, by gzip -9. */
  readonly gzip: number;
  readonly verdict: Verdict;
}

/** Bytes, gzipped, that the bundle is meant to have at most. */
const target = 150 * 1024;

export function weigh(code: string): Weight {
  const gzip = gzipSync(code, { level: 9 }).byteLength;
  return { raw: Buffer.byteLength(code), gzip, verdict: judge(gzip, target) };
}

/** A Worker to start, and a path that it answers without asking anybody. */
export interface Startable {
  readonly config: string;
  readonly path: string;
}

export interface Startables {
  readonly worker: Startable;
  /** What the other is held against. */
  readonly bare: Startable;
}

/** Milliseconds, medians. */
export interface StartUp {
  /** From the start of the process until the first answer. */
  readonly whole: number;
  /** The same for the bare Worker: what the runtime itself takes. */
  readonly runtime: number;
}

/** Starts both in turn, that many times. */
export async function timeStartUp({ worker, bare }: Startables, times: number): Promise<StartUp> {
  const taken = { whole: [] as number[], runtime: [] as number[] };
  for (let time = 0; time < times; time++) {
    taken.runtime.push(await startOnce(bare));
    taken.whole.push(await startOnce(worker));
  }
  return { whole: median(taken.whole), runtime: median(taken.runtime) };
}

async function startOnce({ config, path }: Startable): Promise<number> {
  const before = performance.now();
  const { url, child } = await startWorkerd(config);
  const response = await fetch(url + path);
  await response.arrayBuffer();
  const taken = performance.now() - before;
  await stop(child);
  if (response.status !== 200) throw new BenchError(`${path} was answered with status ${response.status}`);
  return taken;
}
