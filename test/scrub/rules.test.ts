import { expect, test } from "vitest";
import type { Rule } from "../../src/config/model.ts";
import type { RateLimiter } from "../../src/edge.ts";
import type { Address } from "../../src/http/address.ts";
import { scrub } from "../../src/scrub/scrub.ts";
import { decisions, edgeWith, rule, sited } from "../harness/rooms.ts";

const inAdmin = { when: ({ url }: { url: Address }) => url.pathname.startsWith("/admin") };

async function visit(target: string, rules: readonly Rule[], limiter?: RateLimiter) {
  const visited = sited(target, { headers: { "user-agent": "curl/8.5.0" } });
  const step = await scrub(
    visited,
    edgeWith({ rules }, { limiter: (name) => (name === "LOGINS" ? limiter : undefined) }),
  );
  return { step, trail: decisions(visited) };
}

const limit = { kind: "binding", binding: "LOGINS", per: () => "192.0.2.1", action: "block" } as const;

/** Lets this many through. */
function counting(allowed: number): RateLimiter & { readonly keys: string[] } {
  const keys: string[] = [];
  return { keys, take: async (key) => keys.push(key) <= allowed };
}

test("without rules a visit goes on, and knows its bot", async () => {
  const { step, trail } = await visit("/", []);
  expect(step).toMatchObject({ kind: "go", visit: { bot: "curl", rules: [] } });
  expect(trail).toEqual(["scrub clean;bot=curl;kind=tool"]);
});

test("the rules that apply go along, in their order, and no others", async () => {
  const rules = [rule("static"), rule("for admins", inAdmin), rule("last")];
  const { step, trail } = await visit("/page", rules);
  expect(step).toMatchObject({ kind: "go", visit: { rules: [{ name: "static" }, { name: "last" }] } });
  expect(trail).toEqual(["scrub clean;bot=curl;kind=tool;rules=static,last"]);
});

test("a rule is asked once, about a visit that knows its bot", async () => {
  const asked: string[] = [];
  await visit("/", [rule("bots", { when: ({ bot }) => asked.push(bot) > 0 })]);
  expect(asked).toEqual(["curl"]);
});

test("a block answers, says little, and names its rule on the trail only", async () => {
  const { step, trail } = await visit("/admin", [
    rule("offices\r\nonly", { ...inAdmin, block: { status: 403, body: undefined } }),
  ]);
  expect(step).toMatchObject({
    kind: "answer",
    answer: { status: 403, body: "Access denied.\n", because: "blocked-by-rule" },
  });
  expect(trail).toEqual(["scrub blocked-by-rule:offices-only"]);
});

test.each([
  [404, undefined, "Not found.\n"],
  [410, undefined, "Gone.\n"],
  [451, undefined, "Not available here, for legal reasons.\n"],
  [418, undefined, "Access denied.\n"],
  [403, "Staff only", "Staff only"],
  [404, "", ""],
])("a block with status %i and body %j says %j", async (status, body, says) => {
  const { step } = await visit("/", [rule("block", { block: { status, body } })]);
  expect(step).toMatchObject({ kind: "answer", answer: { status, body: says, because: "blocked-by-rule" } });
});

test("what comes after a block is not asked", async () => {
  const limiter = counting(0);
  const rules = [
    rule("block", { block: { status: 403, body: undefined } }),
    rule("limit", { limit, when: () => expect.unreachable() }),
  ];
  await visit("/", rules, limiter);
  expect(limiter.keys).toEqual([]);
});

test("a limit counts under its text, and refuses what is over it", async () => {
  const limiter = counting(2);
  const rules = [rule("log in slowly", { limit })];
  const steps = [];
  for (let count = 0; count < 3; count++) steps.push(await visit("/login", rules, limiter));
  expect(steps.map(({ step }) => step.kind)).toEqual(["go", "go", "answer"]);
  expect(steps[2]).toMatchObject({
    step: { answer: { status: 429, because: "rate-limited" } },
    trail: ["scrub rate-limited:log-in-slowly"],
  });
  const { step } = steps[2]!;
  expect(step.kind === "answer" && step.answer.fields.get("retry-after")).toBe("60");
  expect(limiter.keys).toEqual(["192.0.2.1", "192.0.2.1", "192.0.2.1"]);
});

test("a limit doesn't count visits that its rule doesn't apply to", async () => {
  const limiter = counting(0);
  const { step } = await visit("/page", [rule("admins", { ...inAdmin, limit })], limiter);
  expect(step.kind).toBe("go");
  expect(limiter.keys).toEqual([]);
});

const broken: readonly [what: string, limiter: RateLimiter | undefined, decision: string][] = [
  ["is missing", undefined, "scrub no-limiter:LOGINS"],
  ["rejects", { take: () => Promise.reject(new Error("down")) }, "scrub limiter-failed:LOGINS"],
  [
    "throws",
    {
      take: () => {
        throw new Error("down");
      },
    },
    "scrub limiter-failed:LOGINS",
  ],
];

test.each(broken)(
  "a limiter that %s lets the visit through, and the trail says so",
  async (_what, limiter, decision) => {
    const { step, trail } = await visit("/", [rule("limit", { limit })], limiter);
    expect(step.kind).toBe("go");
    expect(trail).toEqual([decision, "scrub clean;bot=curl;kind=tool;rules=limit"]);
  },
);

test("what a limit took is given back when a later rule throws", async () => {
  const atOnce = { kind: "at-once", name: "few", id: "few", per: () => "", action: "block", most: 1 } as const;
  const broken = {
    when: () => {
      throw new Error("a bug");
    },
  };
  const edge = edgeWith({ rules: [rule("few", { limit: atOnce }), rule("broken", broken)] });
  for (let time = 0; time < 2; time++) await expect(scrub(sited("/"), edge)).rejects.toThrow("a bug");
  expect(edge.rates.underWay.size).toBe(0);
});
