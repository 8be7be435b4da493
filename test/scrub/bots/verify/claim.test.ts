import fc from "fast-check";
import { expect, test } from "vitest";
import { Fields } from "../../../../src/http/fields.ts";
import { claimsOf } from "../../../../src/scrub/bots/verify/claim.ts";

const usual = {
  "signature-agent": 'bot="https://agent.example"',
  "signature-input":
    'sig=("@authority" "signature-agent";key="bot");created=1;expires=2;keyid="k";tag="web-bot-auth";nonce="n"',
  signature: "sig=:AAAA:",
};

test("is read whole", () => {
  expect(claimsOf(Fields.of(usual))).toMatchObject([
    {
      host: "agent.example",
      keyid: "k",
      created: 1,
      expires: 2,
      nonce: "n",
    },
  ]);
});

test("of several signatures the one counts that is meant for it", () => {
  const others = {
    ...usual,
    "signature-input": `a=("@method");tag="other", ${usual["signature-input"]}`,
    signature: "a=:BBBB:, sig=:AAAA:",
  };
  expect(claimsOf(Fields.of(others))).toMatchObject([{ keyid: "k" }]);
});

test.each([
  ["no agent", { "signature-agent": undefined }, undefined],
  ["no signature", { signature: undefined }, undefined],
  ["another label", { signature: "other=:AAAA:" }, undefined],
  [
    "an agent that isn't covered",
    { "signature-input": usual["signature-input"].replace(' "signature-agent";key="bot"', "") },
    { host: undefined },
  ],
  ["an agent under another key", { "signature-agent": 'other="https://agent.example"' }, { host: undefined }],
  ["an agent that is no text", { "signature-agent": "bot=7" }, { host: undefined }],
  [
    "times that are texts",
    { "signature-input": usual["signature-input"].replace("created=1", 'created="1"') },
    "unreadable",
  ],
  [
    "a nonce that is a number",
    { "signature-input": usual["signature-input"].replace('nonce="n"', "nonce=7") },
    "unreadable",
  ],
])("%s", (_what, changes, expected) => {
  const fields = Object.fromEntries(
    Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== undefined),
  );
  const [claim] = claimsOf(Fields.of(fields as Record<string, string>));
  if (typeof expected === "object") expect(claim).toMatchObject(expected);
  else expect(claim).toBe(expected);
});

test("takes any fields", () => {
  const part = fc.constantFrom(
    "sig",
    "=",
    "(",
    ")",
    '"@authority"',
    '"signature-agent"',
    ";",
    'key="bot"',
    "created=1",
    'tag="web-bot-auth"',
    ":AAAA:",
    ",",
    " ",
    '"https://agent.example"',
    "bot",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(part, { maxLength: 20 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, text, text, (agent, input, signature) => {
      const claims = claimsOf(Fields.of({ "signature-agent": agent, "signature-input": input, signature }));
      expect(claims.length).toBeLessThanOrEqual(3);
    }),
    { numRuns: 1_000 },
  );
});
