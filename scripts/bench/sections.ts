/** The sections of the bench, in the order of the output. */
import { bundleWorker } from "../build.ts";
import { attempt, BenchError } from "./bench-error.ts";
import { stop } from "./children.ts";
import { choosing } from "./choosing.ts";
import { compressing } from "./compressing.ts";
import { cacheApi, constantWorker, perigee, perigeeWorker } from "./contestants.ts";
import { allHeats, chooseHeats, titleOf } from "./heats.ts";
import { limits } from "./limits.ts";
import { lists } from "./lists.ts";
import { measure } from "./measure.ts";
import { pathOf, sizes } from "./objects.ts";
import { nginx } from "./programs/nginx.ts";
import { varnish } from "./programs/varnish.ts";
import { renderRows, renderStreamed, renderWeight } from "./report.ts";
import { toRows, type Row } from "./rows.ts";
import { redirects } from "./redirects.ts";
import { replacing } from "./replacing.ts";
import { rules } from "./rules.ts";
import { scrubbing } from "./scrubbing.ts";
import type { Section } from "./section.ts";
import { measureStreaming, type Streamed } from "./streaming.ts";
import { timeStartUp, weigh } from "./weigh.ts";
import { startWorkerd } from "./workerd.ts";
import { openWorkshop } from "./workshop.ts";

/** Requests a second and CPU a request, a table for each scenario and size. */
const traffic: Section = {
  titles: allHeats.flatMap((heat) => heat.entrants.map(({ contestant }) => titleOf(heat, contestant))),
  async run(isWanted, stage) {
    const tables: (readonly Row[])[] = [];
    const failures: string[] = [];
    for (const heat of chooseHeats(isWanted, stage.isHere)) {
      const timed = await attempt(() => measure(heat, stage));
      if (timed instanceof BenchError) failures.push(timed.message);
      else tables.push(toRows(heat, timed));
    }
    return { tables: tables.map(renderRows), failures, figures: { rows: tables.flat() } };
  },
};

const streamTitle = ({ name }: { readonly name: string }): string => `memory growth, 10 MB: ${name}`;
const streamers = [cacheApi, perigee, nginx, varnish];

/** What memory grows by while large hits are read. */
const streaming: Section = {
  titles: streamers.map(streamTitle),
  async run(isWanted, stage) {
    const streamed: Streamed[] = [];
    const cache = await startWorkerd(stage.workshop.furnishCache());
    const workshop = await openWorkshop(stage.origin.url, new URL(cache.url).host);
    for (const contestant of streamers.filter((each) => stage.isHere(each) && isWanted(streamTitle(each)))) {
      stage.progress(streamTitle(contestant));
      streamed.push(
        ...(await measureStreaming(contestant, {
          origin: stage.origin,
          workshop,
          isMeant: contestant === perigee,
        })),
      );
    }
    await stop(cache.child);
    return {
      tables: streamed.length > 0 ? [renderStreamed(streamed)] : [],
      failures: [],
      figures: { memory: streamed },
    };
  },
};

/** How often each Worker is started, for the median. */
const startUps = 7;

const weightTitle = "weight: bundle and start-up";

/** What the Worker weighs. */
const weight: Section = {
  titles: [weightTitle],
  async run(_, { workshop, progress }) {
    progress(weightTitle);
    const weight = weigh((await bundleWorker({ minify: true })).code);
    const startUp = await timeStartUp(
      {
        worker: { config: await workshop.furnish(perigeeWorker), path: "/.perigee/health" },
        bare: { config: await workshop.furnish(constantWorker), path: pathOf("cacheable", sizes["1 KB"]) },
      },
      startUps,
    );
    return { tables: [renderWeight(weight, startUp)], failures: [], figures: { weight, startUp } };
  },
};

export const sections: readonly Section[] = [
  traffic,
  streaming,
  choosing,
  lists,
  redirects,
  rules,
  limits,
  scrubbing,
  replacing,
  compressing,
  weight,
];
