/** Whether a large hit streams: what a server's memory grows by while slow clients read one. */
import { setTimeout as sleep } from "node:timers/promises";
import { ask, begin, bodyOf } from "./ask.ts";
import { BenchError } from "./bench-error.ts";
import { stop, type Origin, type Server } from "./children.ts";
import type { Contestant } from "./contestant.ts";
import { judge, type Verdict } from "./figures.ts";
import { forgetPeak, readMemory } from "./kernel.ts";
import { objectOf, pathOf, sizes } from "./objects.ts";
import type { Workshop } from "./workshop.ts";

/** A hit, or several at once, while clients take their time. All in bytes. */
export interface Streamed {
  readonly name: string;
  readonly clients: number;
  readonly before: number;
  readonly peak: number;
  readonly after: number;
  readonly growth: number;
  readonly verdict?: Verdict;
}

/** One, and so many that a server which holds bodies whole can't hide them in memory that it had anyway. */
const crowds = [1, 8];

/** What one hit may make it grow by. Bytes. */
const target = 16 * 2 ** 20;

/** Milliseconds in which a server that holds more than it needs takes it in, or gives it back. */
const settling = 1_000;

const bytes = sizes["10 MB"];

interface Streaming {
  readonly workshop: Workshop;
  readonly origin: Origin;
  /** Whether the target is this contestant's. */
  readonly isMeant: boolean;
}

/** With a server of its own for each number of clients. */
export async function measureStreaming(contestant: Contestant, streaming: Streaming): Promise<readonly Streamed[]> {
  const streamed = [];
  for (const clients of crowds) {
    const server = await contestant.start(streaming.workshop);
    try {
      const { before, peak, after } = await stream(server, clients, streaming.origin);
      const growth = peak - before;
      const verdict = streaming.isMeant && clients === 1 ? { verdict: judge(growth, target) } : {};
      streamed.push({ name: contestant.name, clients, before, peak, after, growth, ...verdict });
    } finally {
      await stop(server.child);
    }
  }
  return streamed;
}

type Levels = Pick<Streamed, "before" | "peak" | "after">;

async function stream({ url, child }: Server, clients: number, origin: Origin): Promise<Levels> {
  const pid = child.pid!;
  const [large, small] = [url + pathOf("cacheable", bytes), url + pathOf("cacheable", sizes["1 KB"])];
  await ask(large);
  // The code is compiled and the runtime has its memory, but not for a large hit.
  for (let request = 0; request < 200; request++) await ask(small);
  await sleep(settling);

  const [asked, { now: before }] = [await origin.asked(), readMemory(pid)];
  forgetPeak(pid);
  const responses = await Promise.all(Array.from({ length: clients }, () => begin(large)));
  await sleep(settling);
  const bodies = await Promise.all(responses.map((response) => bodyOf(response, large)));
  const { peak } = readMemory(pid);
  if ((await origin.asked()) > asked) throw new BenchError("what was to be a hit of 10 MB asked the origin");
  if (bodies.some((body) => body !== objectOf(bytes))) throw new BenchError("a hit of 10 MB came with other bytes");
  await sleep(settling);
  return { before, peak, after: readMemory(pid).now };
}
