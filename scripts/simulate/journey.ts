/** The journey of visits through the simulated edge: from the cache, else by the origins. */
import { bridgesError } from "../../src/cache/reuse.ts";
import type { StoredAnswer } from "../../src/cache/entry.ts";
import { ended, type Asked } from "../../src/origin/learn.ts";
import { ask } from "./asking.ts";
import type { Coming } from "./demand.ts";
import { keep, lookUp, type Place } from "./place.ts";
import { countFetch } from "./tally.ts";
import type { World } from "./world.ts";

/** A visit that the cache can't answer, or a refresh behind a visitor's back. */
interface Errand {
  readonly place: Place;
  readonly coming: Readonly<Coming>;
  /** Nobody waits for it. */
  readonly isBehind: boolean;
  readonly stored: StoredAnswer | undefined;
  /** The least that it could take. */
  readonly best: number;
}

/** Bytes a millisecond, in which bodies come. */
const bandwidth = 5_000;

/** A visit comes. */
export function arrive(coming: Coming, world: World): void {
  const { tally, places, keys, nature } = world;
  const place = places[coming.location]!;
  const { isHit, isRefreshed, stored } = lookUp(keys[coming.object]!, place);
  const slice = tally.at(coming.at);
  tally.slices.visits[slice]!++;
  if (isHit) tally.slices.hits[slice]!++;
  if (isHit && !isRefreshed) return;
  if (isRefreshed) place.refreshing.add(keys[coming.object]!);
  const best = isHit ? 0 : nature.best(coming);
  goOut({ coming: { ...coming }, place, stored, isBehind: isHit, best }, world);
}

function goOut(errand: Errand, world: World): void {
  const { coming, place } = errand;
  ask({ coming, place, succeed: (asked) => succeed(errand, asked, world), fail: () => fail(errand, world) }, world);
}

function succeed(errand: Errand, asked: Asked, world: World): void {
  const { coming, place, best, isBehind } = errand;
  const { clock, tally, pages, keys, agenda } = world;
  const page = pages[coming.object]!;
  const exchange = { askedAt: asked.askedAt, answeredAt: place.edge.now() };
  keep(keys[coming.object]!, page, { place, exchange });
  if (isBehind) place.refreshing.delete(keys[coming.object]!);
  else countFetch(tally, { startedAt: coming.at, location: coming.location, took: clock.now - coming.at, best });
  if (!asked.origin.followed) return ended(asked);
  const bytes = Number(page.answer.fields.get("content-length"));
  agenda.after(bytes / bandwidth, () => ended(asked));
}

function fail({ coming, place, isBehind, stored }: Errand, { tally, keys }: World): void {
  const slice = tally.at(coming.at);
  const isBridged = stored && bridgesError(stored, place.edge.now());
  if (isBehind) place.refreshing.delete(keys[coming.object]!);
  else tally.slices[isBridged ? "stale" : "failed"][slice]!++;
}
