import fc from "fast-check";
import { expect, test } from "vitest";
import { Fields } from "../../../src/http/fields.ts";
import { visitedAddress } from "../../../src/http/address.ts";
import { createMac } from "../../../src/platform/memory/mac.ts";
import { createSigner } from "../../../src/platform/memory/signer.ts";
import { enrol } from "../../../src/route/experiments/enrol.ts";
import { configOf } from "../../config/load.ts";
import { clean, decisions, edgeWith } from "../../harness/rooms.ts";

const variants = [
  { name: "a", weight: 1 },
  { name: "b", weight: 1 },
];
const names = Array.from({ length: 64 }, (_, index) => `experiment-${index}`);
const { experiments } = configOf({ EXPERIMENTS: names.map((name) => ({ name, sticky: "1d", variants })) });
const secret = (name: string): string | undefined => (name === "SIGNING_KEY" ? "key" : undefined);
const edge = edgeWith({ experiments }, { secret, mac: createMac(createSigner(secret)) });

test("whatever clients send as cookies and links, the visit goes on, sees all, and no later room hears of it", async () => {
  const piece = fc.constantFrom(
    "perigee-experiments",
    "perigee-forced",
    "=",
    ";",
    " ",
    ".",
    "a",
    "0".repeat(43),
    "off",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")),
  );
  await fc.assert(
    fc.asyncProperty(text, text, async (cookie, link) => {
      const url = visitedAddress(
        `https://www.example.com/?perigee-experiment=${encodeURIComponent(link.toWellFormed())}`,
      )!;
      const visit = await enrol({ ...clean("/"), url, fields: Fields.of({ cookie }) }, edge);
      expect(visit.experiments).toHaveLength(names.length);
      expect(visit.rules).toHaveLength(names.length);
      expect(visit.url.search).toBe("");
      expect(visit.fields.get("cookie") ?? "").not.toMatch(/(?:^|;)\s*perigee-(?:experiments|forced)=/);
    }),
    { numRuns: 300 },
  );
});

test("as many as there may be fit into the cookie, which is small for all that", async () => {
  const first = await enrol(clean("/"), edge);
  const [line] = first.setCookies!;
  const [cookie] = line!.split(";", 1);
  expect(cookie!.length).toBeLessThan(600);
  const again = await enrol({ ...clean("/"), fields: Fields.of({ cookie: cookie! }) }, edge);
  expect(again.setCookies).toEqual([]);
  expect(again.experiments).toEqual(first.experiments.map((one) => ({ ...one, how: "cookie" })));
});

test("without experiments a visit goes on as it is", async () => {
  const visit = clean("/?perigee-experiment=x");
  const on = await enrol(visit, edgeWith());
  expect(on).toEqual({ ...visit, experiments: [] });
  expect(on.fields).toBe(visit.fields);
  expect(decisions(on)).toEqual([]);
});
