import { expect, test } from "vitest";
import { controlOf } from "../../src/cache/control.ts";
import { Fields } from "../../src/http/fields.ts";
import { edgeWith } from "../harness/rooms.ts";

const { config } = edgeWith();

/** What the fields say to a cache with these targets, as Cache-Control would have it. */
function said(answer: Readonly<Record<string, string>>, ...targets: readonly string[]): string {
  const settings = { ...config.settings, targets };
  const { directives, targeted } = controlOf(Fields.of(answer), { config: { ...config, settings } });
  const written = [...directives].map(([name, value]) => (value === "" ? name : `${name}=${value}`)).join(", ");
  return targeted ? `targeted: ${written}` : written;
}

const own = "own-cache-control";
const cdn = "cdn-cache-control";
const everyone = { "cache-control": "max-age=1" };

test.for<[why: string, answer: Readonly<Record<string, string>>, expected: string]>([
  ["nothing targeted", everyone, "max-age=1"],
  ["one of two", { ...everyone, [cdn]: "max-age=2" }, "targeted: max-age=2"],
  ["both: the first counts", { ...everyone, [cdn]: "max-age=2", [own]: "max-age=3" }, "targeted: max-age=3"],
  ["and it alone: they aren't merged", { [cdn]: "no-store", [own]: "max-age=3" }, "targeted: max-age=3"],
  ["the first one empty", { [cdn]: "max-age=2", [own]: "" }, "targeted: max-age=2"],
  ["the first one no dictionary", { [cdn]: "max-age=2", [own]: "max-age=3, !" }, "targeted: max-age=2"],
  ["all of them no dictionaries", { ...everyone, [cdn]: "max-age=;", [own]: "&" }, "max-age=1"],
  ["one with nothing that is known", { ...everyone, [own]: "none" }, "targeted: none"],
  ["parameters, which mean nothing", { [own]: "max-age=3;a=b, private;c" }, "targeted: max-age=3, private"],
  ["names of fields", { [own]: 'private="set-cookie"' }, "targeted: private=set-cookie"],
  ["a number of the wrong type", { [own]: 'max-age="3", s-maxage' }, "targeted: max-age, s-maxage"],
  ["what is false isn't given", { [own]: "max-age=3, no-store=?0" }, "targeted: max-age=3"],
  ["another cache's", { ...everyone, "other-cache-control": "no-store" }, "max-age=1"],
])("%s: %j → %s", ([, answer, expected]) => {
  expect(said(answer, own, cdn)).toBe(expected);
});

test("without targets Cache-Control counts, whatever else is there", () => {
  expect(said({ ...everyone, [cdn]: "no-store" })).toBe("max-age=1");
});
