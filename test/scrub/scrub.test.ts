import fc from "fast-check";
import { expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";
import { scrub } from "../../src/scrub/scrub.ts";
import { decisions, edgeWith, rule, sited } from "../harness/rooms.ts";

const refusals: readonly [
  what: string,
  target: string,
  headers: Record<string, string>,
  status: number,
  decision: string,
][] = [
  ["a long URL", `/${"a".repeat(16_384)}`, {}, 414, "url-too-long"],
  [
    "many fields",
    "/",
    Object.fromEntries(Array.from({ length: 81 }, (_, index) => [`x-${index}`, "1"])),
    431,
    "too-many-fields",
  ],
  ["a large field", "/", { cookie: "a".repeat(8192) }, 431, "fields-too-large"],
  [
    "large fields",
    "/",
    Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`x-${index}`, "a".repeat(8000)])),
    431,
    "fields-too-large",
  ],
  ["a control character", "/", { "x-odd": "a\u0007b" }, 400, "bad-field"],
  ["another method", "/", { "x-http-method-override": "DELETE" }, 400, "method-override"],
  ["a traversal", "/static/..%2f..%2fetc/passwd", {}, 400, "bad-path:traversal"],
  ["a NUL", "/index.php%00.png", {}, 400, "bad-path:control"],
  ["a dot in two bytes", "/%c0%ae%c0%ae/", {}, 400, "bad-path:encoding"],
];

test.each(refusals)("%s is refused before any rule is asked", async (_what, target, headers, status, decision) => {
  const visit = sited(target, { headers });
  const step = await scrub(visit, edgeWith({ rules: [rule("any", { when: () => expect.unreachable() })] }));
  expect(step).toMatchObject({ kind: "answer", answer: { status } });
  expect(step.kind === "answer" && String(step.answer.body).length).toBeLessThan(64);
  expect(decisions(visit)).toEqual([`scrub ${decision}`]);
});

test("the query may hold what the path may not", async () => {
  const step = await scrub(sited("/?next=../../x%00%ff%0d%0a%"), edgeWith());
  expect(step.kind).toBe("go");
});

test("no path and no fields make it throw: a visit goes on or is refused with a status of 4xx", async () => {
  const anything = fc.string({ unit: "binary" });
  const name = fc.oneof(anything, fc.constantFrom("user-agent", "host", "cookie"));
  const fields = fc.dictionary(name, anything, { maxKeys: 140, size: "max" });
  const path = fc.oneof(anything, fc.stringMatching(/^(%[0-9a-f]{2}|[./%\\;])*$/));
  const edge = edgeWith();
  await fc.assert(
    fc.asyncProperty(path, fields, async (target, values) => {
      const visit = { ...sited(new URL(`https://www.example.com/${target}`).href), fields: Fields.of(values) };
      const step = await scrub(visit, edge);
      if (step.kind === "answer") expect([400, 414, 431]).toContain(step.answer.status);
    }),
  );
});
