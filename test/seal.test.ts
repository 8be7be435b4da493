import fc from "fast-check";
import { expect, test } from "vitest";
import type { Edge } from "../src/edge.ts";
import { createMac } from "../src/platform/memory/mac.ts";
import { createSigner } from "../src/platform/memory/signer.ts";
import { seal, unseal } from "../src/seal.ts";
import { edgeWith } from "./harness/rooms.ts";

const now = 1_700_000_000_000;

function edge(secrets: Readonly<Record<string, string>> = { SIGNING_KEY: "new" }, at = now): Edge {
  return edgeWith({}, { now: () => at, mac: createMac(createSigner((name) => secrets[name])) });
}

const note = { text: "q83v_-0", until: now + 60_000 };

test("opens again until its time is up", async () => {
  const sealed = (await seal(edge(), "clearance www", note))!;
  expect(await unseal(edge(), "clearance www", sealed)).toEqual(note);
  expect(await unseal(edge(undefined, now + 59_999), "clearance www", sealed)).toEqual(note);
  expect(await unseal(edge(undefined, now + 60_000), "clearance www", sealed)).toBeUndefined();
});

test("is as long as a cookie may be", async () => {
  const [fits, none] = [3_507, 4_096].map((length) => ({ text: "a".repeat(length), until: now + 60_000 }));
  const opened = async (what: typeof fits) =>
    unseal(edge(), "counted www", (await seal(edge(), "counted www", what!))!);
  expect(await opened(fits)).toEqual(fits);
  expect(await opened(none)).toBeUndefined();
});

test("a key that was replaced still opens, one that is gone doesn't", async () => {
  const sealed = (await seal(edge({ SIGNING_KEY: "old" }), "clearance", note))!;
  expect(await unseal(edge({ SIGNING_KEY: "new", SIGNING_KEY_OLD: "old" }), "clearance", sealed)).toEqual(note);
  expect(await unseal(edge({ SIGNING_KEY: "new" }), "clearance", sealed)).toBeUndefined();
  expect(await unseal(edge({}), "clearance", sealed)).toBeUndefined();
});

test("without a key nothing is sealed", async () => {
  expect(await seal(edge({}), "clearance", note)).toBeUndefined();
});

test("is for one purpose, however the parts are cut", async () => {
  const sealed = (await seal(edge(), "a", note))!;
  for (const purpose of ["", "b", "a ", "a s"]) expect(await unseal(edge(), purpose, sealed)).toBeUndefined();
});

test("any change of any letter is noticed", async () => {
  const sealed = (await seal(edge(), "a", note))!;
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === "0" ? "1" : "0") + sealed.slice(at + 1);
    expect(await unseal(edge(), "a", changed), changed).toBeUndefined();
  }
});

test("takes anything for none of ours, and never throws", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
      expect(await unseal(edge(), "a", text)).toBeUndefined();
    }),
  );
});
