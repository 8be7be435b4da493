import { expect, test } from "vitest";
import { chanceFrom, prefixes, questions } from "../../scripts/bench/list-questions.ts";
import { FixedList } from "../../src/lists/lists.ts";

const members = [...prefixes(1_000, chanceFrom(1))];
const list = FixedList.of([{ kind: "prefixes", prefixes: members }]);

test("the prefixes are of all kinds, and the same each time", () => {
  const { v4, networks, hosts } = list.sections;
  expect([v4.size, networks.size, hosts.size]).toEqual([600, 300, 100]);
  expect([...prefixes(1_000, chanceFrom(1))]).toEqual(members);
  expect([...prefixes(1_000, chanceFrom(2))]).not.toEqual(members);
});

test("half of the questions are answered with yes", () => {
  const { v4, v6 } = questions(500, members, chanceFrom(3));
  for (const texts of [v4, v6]) {
    const yes = texts.filter((text) => list.hasText(text)).length;
    expect(yes).toBeGreaterThanOrEqual(250);
    expect(yes).toBeLessThan(260);
  }
});
