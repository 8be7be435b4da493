import { expect, test } from "vitest";
import { newSiteState, type SiteState } from "../../../src/fleet.ts";
import type { Attempt, Failure } from "../../../src/origin/ask/attempt.ts";
import { earnRetries, whileWaiting, whyNoMore, type Progress } from "../../../src/origin/ask/retries.ts";
import { asking } from "../../harness/rooms.ts";

const now = 1e12;
const { retry } = asking;

function failed(because: Failure): Attempt {
  return { kind: "failed", because };
}

const going: Progress = {
  repeat: "always",
  tries: 1,
  last: failed("connection"),
  left: "well",
  deadline: Number.POSITIVE_INFINITY,
};

const cases: readonly [what: string, progress: Partial<Progress>, why: string | undefined][] = [
  ["a first failure", {}, undefined],
  ["the last try", { tries: 3 }, "tries-spent"],
  ["a stream that was sent", { repeat: "never" }, "not-repeatable"],
  ["a stream that was sent, though not there", { repeat: "never", last: failed("unreached") }, "not-repeatable"],
  ["what must not be done twice", { repeat: "unreached" }, "not-repeatable"],
  ["what must not be done twice, and timed out", { repeat: "unreached", last: failed("timeout") }, "not-repeatable"],
  ["what must not be done twice, and never came there", { repeat: "unreached", last: failed("unreached") }, undefined],
  ["all have had their say", { left: undefined }, "all-answered"],
  ["the time is up", { deadline: now }, "out-of-time"],
  ["the time is not up yet", { deadline: now + 1 }, undefined],
];

test.each(cases)("%s", (_, progress, why) => {
  expect(whyNoMore({ ...going, ...progress }, retry, { site: newSiteState(), now })).toBe(why);
});

test.each([
  ["well: a tenth of them again, beyond its reserve", "well", "10%", 130],
  ["failing: an eighth of them again", "failing", "12.5%", 125],
  ["well, and the site wants none", "well", "0%", 0],
] as const)("a site of which every visit fails tries origins that are %s", (_, left, share, tries) => {
  const site = newSiteState();
  const budget = Number.parseFloat(share) / 100;
  const outcomes = Array.from({ length: 1_000 }, () => {
    earnRetries(site, { ...retry, budget }, now);
    return whyNoMore({ ...going, left }, { ...retry, budget }, { site, now });
  });
  expect(outcomes.filter((why) => why === undefined)).toHaveLength(tries);
  expect(outcomes.at(-2)).toBe("retry-budget-spent");
});

/** A site of which so many visits waited at once. */
function crowded(waiting: number): SiteState {
  return { ...newSiteState(), crowd: { saved: waiting, at: now } };
}

test.each([
  ["their origins fail, two at once: each may be moved twice, whatever is in reserve", failed("connection"), 230],
  ["their origin falls silent: half of that, and of the reserve", "silent", 115],
  ["one says nothing that never answered: half of the reserve, and nothing is lent", "unheard", 15],
] as const)("a hundred visits wait, and %s", (_, last, tries) => {
  const site = crowded(100);
  const outcomes = (at: number): number => {
    const tried = Array.from({ length: 300 }, () => whyNoMore({ ...going, last }, retry, { site, now: at }));
    return tried.filter((why) => why === undefined).length;
  };
  expect(outcomes(now)).toBe(tries);
  // It is paid back by and by: what may be owed fades with what is.
  expect(outcomes(now + 60_000)).toBeLessThanOrEqual(30);
});

test("however few of those that waited wait still, each is moved", async () => {
  const site = newSiteState();
  const waits = Array.from({ length: 100 }, () => Promise.withResolvers<void>());
  const all = waits.map(({ promise }) => whileWaiting(site, now, () => promise));
  for (const [index, { resolve }] of waits.entries()) {
    const at = { site, now: now + index * 10 };
    expect([whyNoMore(going, retry, at), whyNoMore({ ...going, tries: 2 }, retry, at)]).toEqual([undefined, undefined]);
    resolve();
    await all[index];
  }
  expect(site.waiting).toBe(0);
});

test("an origin that may be well is paid for by those that fail too, and nothing is lent for it", () => {
  const site = newSiteState();
  Array.from({ length: 10 }, () => earnRetries(site, { ...retry, budget: 0.1 }, now));
  const outcome = (left: Progress["left"]) => whyNoMore({ ...going, left }, retry, { site, now });
  expect((["unsure", "failing", "unsure", "well"] as const).map(outcome)).toEqual([
    undefined,
    "retry-budget-spent",
    undefined,
    undefined,
  ]);
  expect(Math.round(site.earned.saved)).toBe(-1);
  Object.assign(site.crowd, { saved: 100, at: now });
  expect(Array.from({ length: 50 }, () => outcome("unsure")).filter((why) => why === undefined)).toHaveLength(28);
});

test("what was not sent has cost nothing: it goes on, whatever the site wants", () => {
  const progress = { ...going, last: failed("full") };
  expect(whyNoMore(progress, { ...retry, budget: 0 }, { site: newSiteState(), now })).toBeUndefined();
});
