import { expect, test } from "vitest";
import type { Origin } from "../../../src/config/upstream.ts";
import type { Site } from "../../../src/config/model.ts";
import { choose } from "../../../src/origin/choose/choose.ts";
import { route } from "../../../src/route/route.ts";
import type { Planned } from "../../../src/visit.ts";
import { clean, edgeWith, rule } from "../../harness/rooms.ts";
import { originWith } from "./asker.ts";

const edge = edgeWith();

/** A visit to a site with these origins, and more said of it. */
function visitTo(origins: readonly Origin[], parts: Partial<Site> = {}, ...rules: ReturnType<typeof rule>[]): Planned {
  const visit = clean("/", ...rules);
  const routed = route({ ...visit, site: { ...visit.site, origins, ...parts } }, edge);
  if (routed.kind === "answer") throw new Error("answered");
  return { ...routed.visit, plan: { kind: "bypass", because: "method" } };
}

const europe = originWith("europe", { region: "EU" });
const america = originWith("america", { region: "US" });
const nowhere = originWith("nowhere");

test("whatever a config that wasn't checked says, nobody outside the regions is asked", async () => {
  const { origins } = await choose(visitTo([america, nowhere, europe], { regions: ["EU"] }), edge);
  expect(origins).toEqual([europe]);
});

test("nor by a rule's choice: rather nobody", async () => {
  const visit = visitTo([europe], { regions: ["EU"] }, rule("away", { origins: [america, nowhere] }));
  await expect(choose(visit, edge)).rejects.toMatchObject({ source: "edge", because: "no-origin-in-region" });
});

test("as many as the site may ask", async () => {
  const many = Array.from({ length: 9 }, (_, index) => originWith(`o${index}`));
  const { asking } = clean("/").site;
  const site = { asking: { ...asking, retry: { ...asking.retry, tries: 4 } } };
  expect((await choose(visitTo(many, site), edge)).origins).toHaveLength(4);
});
