/** What compression takes and gives: bytes and CPU a visit, of pages and bundles that a cache has already. */
import { existsSync } from "node:fs";
import { createServer, Agent } from "node:http";
import type { AddressInfo } from "node:net";
import { findAssets, type Asset } from "./assets.ts";
import { BenchError } from "./bench-error.ts";
import { stop, type Server } from "./children.ts";
import { askCoded } from "./coded.ts";
import type { Contestant } from "./contestant.ts";
import { automatic, perigeeCompressing } from "./contestants.ts";
import { judge, median, type Verdict } from "./figures.ts";
import { familyRan } from "./kernel.ts";
import { nginx, nginxWith } from "./programs/nginx.ts";
import { align, renderVerdict } from "./report.ts";
import type { Section } from "./section.ts";
import { openWorkshop } from "./workshop.ts";

const types = "text/css text/markdown text/javascript application/json";
const brotliModule = "/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so";

/** The one that the others are held against. */
const baseline = nginxWith("nginx, gzip -6", {
  http: `  gzip on;\n  gzip_comp_level 6;\n  gzip_proxied any;\n  gzip_types ${types};\n`,
});

const brotli = nginxWith("nginx, br -6", {
  main: `load_module ${brotliModule};\n`,
  http: `  brotli on;\n  brotli_comp_level 6;\n  brotli_types ${types};\n`,
});

/** Every visit pays for its compression, or one has paid for all. */
const target = perigeeCompressing("Perigee, stored forms", { budget: "5s" });
const contestants: readonly Contestant[] = [
  baseline,
  ...(existsSync(brotliModule) ? [brotli] : []),
  automatic,
  perigeeCompressing("Perigee, on the way", { store: false }),
  perigeeCompressing("Perigee, stored forms of 5 ms", {}),
  target,
];

const titleOf = ({ name }: Contestant): string => `compression: ${name}`;

export const compressing: Section = {
  titles: contestants.map(titleOf),
  async run(isWanted, { rounds, progress, isHere }) {
    const wanted = contestants.filter((each) => each === baseline || isWanted(titleOf(each)));
    const here = wanted.filter((each) => (each === baseline || each === brotli ? isHere(nginx) : true));
    if (!existsSync(brotliModule)) progress(`nginx with br is left out: there is no ${brotliModule}`);
    const assets = findAssets(progress);
    const measured = await measure(here, { assets, rounds, progress });
    return { tables: [render(measured, assets)], failures: [], figures: { compression: measured } };
  },
};

/** Of one visit of each asset, on average. */
export interface Compressed {
  readonly name: string;
  readonly bytes: number;
  /** What part of the baseline's bytes: of each asset, on average. */
  readonly ofBytes: number;
  /** Microseconds of CPU: the median of the rounds, and of the baseline's in the same rounds what part. */
  readonly cpu: number;
  readonly ofCpu: number;
  readonly verdicts?: { readonly bytes: Verdict; readonly cpu: Verdict };
}

interface Measuring {
  readonly assets: readonly Asset[];
  readonly rounds: number;
  readonly progress: (says: string) => void;
}

/** Visits of each asset in a round. */
const visits = 20;

/** What is asked for to be at most so much of the baseline's: bytes, and CPU. */
const [mostBytes, mostCpu] = [0.85, 0.1];

async function measure(here: readonly Contestant[], { assets, rounds, progress }: Measuring): Promise<Compressed[]> {
  const origin = await serve(assets);
  const workshop = await openWorkshop(origin.url);
  const lanes = await Promise.all(
    here.map(async (contestant) => ({
      contestant,
      server: await contestant.start(workshop),
      bytes: [] as readonly number[],
      cpu: [] as number[],
    })),
  );
  try {
    for (const lane of lanes) {
      progress(`checking and warming up: ${titleOf(lane.contestant)}`);
      const isBest = lane.contestant === target;
      lane.bytes = await connected((agent) => warmUp(lane.server, { assets, agent, isBest }));
    }
    for (let round = 1; round <= rounds; round++) {
      for (const { contestant, server, cpu } of lanes) {
        progress(`round ${round} of ${rounds}: ${titleOf(contestant)}`);
        cpu.push(await connected((agent) => timeRound(server, assets, agent)));
      }
    }
  } finally {
    await Promise.all(lanes.map(({ server }) => stop(server.child)));
    origin.close();
    workshop.close();
  }
  const base = lanes.find(({ contestant }) => contestant === baseline) ?? lanes[0]!;
  return lanes.map(({ contestant, bytes, cpu }) => {
    const ofCpu = median(cpu.map((each, round) => each / base.cpu[round]!));
    const ofBytes = mean(bytes.map((each, asset) => each / base.bytes[asset]!));
    const verdicts = { bytes: judge(ofBytes, mostBytes), cpu: judge(ofCpu, mostCpu) };
    const measured = { name: contestant.name, bytes: mean(bytes), ofBytes, cpu: median(cpu), ofCpu };
    return { ...measured, ...(contestant === target && { verdicts }) };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By one connection of its own: one that is idle while others have their turn may be closed meanwhile. */
async function connected<T>(ask: (agent: Agent) => Promise<T>): Promise<T> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return ask(agent).finally(() => agent.destroy());
}

interface Warming {
  readonly assets: readonly Asset[];
  readonly agent: Agent;
  readonly isBest: boolean;
}

/** Visits that let the code be compiled and forms be made; and so many more at most, for each asset, until the best form is there. */
const [warming, patience] = [20, 3_000];

/** Checked, cached, compiled, and with all forms that are to come. @returns bytes of a visit, by asset. */
async function warmUp({ url }: Server, { assets, agent, isBest }: Warming): Promise<readonly number[]> {
  const bytes: number[] = [];
  for (const asset of assets) {
    for (let visit = 0; visit < warming; visit++) await askCoded(url, asset, agent);
    let last = await askCoded(url, asset, agent);
    // On the way it makes zstd.
    const tries = isBest ? patience : 0;
    for (let visit = 0; visit < tries && last.coding !== "br"; visit++) last = await askCoded(url, asset, agent);
    if (isBest && last.coding !== "br") throw new BenchError(`no form of ${asset.name} was ever stored`);
    bytes.push(last.bytes);
  }
  return bytes;
}

/** Microseconds of CPU a visit. */
async function timeRound({ url, child }: Server, assets: readonly Asset[], agent: Agent): Promise<number> {
  const before = familyRan(child.pid!);
  for (const asset of assets) for (let visit = 0; visit < visits; visit++) await askCoded(url, asset, agent);
  return (familyRan(child.pid!) - before) / (visits * assets.length);
}

async function serve(assets: readonly Asset[]): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    const asset = assets.find(({ path }) => path === request.url);
    if (!asset) return void response.writeHead(404).end();
    const fields = {
      "content-type": asset.type,
      "content-length": asset.body.byteLength,
      etag: `"${asset.body.byteLength}"`,
    };
    response.writeHead(200, { ...fields, "cache-control": "public, max-age=86400" }).end(asset.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

export function render(measured: readonly Compressed[], assets: readonly Pick<Asset, "body">[]): string {
  const [base] = measured;
  const plain = mean(assets.map(({ body }) => body.byteLength));
  const part = (value: number): string => `${(value * 100).toFixed(1)} %`;
  const headings = ["", "KB/visit", "in all", "of each", "target", "CPU µs/visit", "in all", "target"];
  const lines = measured.map(({ name, bytes, ofBytes, cpu, ofCpu, verdicts }) => [
    name,
    (bytes / 1024).toFixed(1),
    part(bytes / base!.bytes),
    part(ofBytes),
    verdicts ? renderVerdict(verdicts.bytes, part(mostBytes)) : "",
    cpu.toFixed(0),
    part(ofCpu),
    verdicts ? renderVerdict(verdicts.cpu, part(mostCpu)) : "",
  ]);
  const title = `compression of hits: ${assets.length} pages and bundles, ${(plain / 1024).toFixed(1)} KB on average; parts are of ${base!.name}`;
  return `${title}\n${align([headings, ...lines])}`;
}
