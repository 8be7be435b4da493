import { expect, test } from "vitest";
import { renderReplaced, replaceWhole, replacing, tasksFor, toReplaced } from "../../scripts/bench/replacing.ts";
import { openWorkshop } from "../../scripts/bench/workshop.ts";

const spread = { what: "a", edits: [], target: 100 };

test("literals are judged, as they are printed; patterns aren't", () => {
  expect(toReplaced(spread, [99.6, 99.7, 200], 1)).toMatchObject({ isMet: true });
  expect(toReplaced(spread, [99.4], 1)).toMatchObject({ isMet: false });
  expect(toReplaced({ what: "a", edits: [] }, [1], 1)).not.toHaveProperty("isMet");
  expect(renderReplaced([toReplaced(spread, [80, 90], 1234)], 2_000_000)).toMatch(
    /^replacing texts in 2\.0 MB\n.+\na +1,234 +85 +80–90 +≥ 100: NOT met$/,
  );
});

test("what is compared with is the runtime's own way", () => {
  const edits = [
    { find: "a.", with: "1" },
    { find: "b", with: "1" },
  ];
  expect(replaceWhole("a. ab b", edits)).toEqual({ text: "1 a1 1", finds: 3 });
  expect(tasksFor("word ".repeat(10) + "another little wordings").map(({ edits: { length } }) => length)).toContain(
    100,
  );
});

test(
  "the section measures literals and patterns, of which all replace what they should",
  { timeout: 120_000 },
  async () => {
    const workshop = await openWorkshop("");
    const stage = { rounds: 1, workshop, progress: () => {} } as unknown as Parameters<typeof replacing.run>[1];
    const { figures, failures } = await replacing.run(() => true, stage);
    workshop.close();
    const rows = figures["replacing"] as ReturnType<typeof toReplaced>[];
    expect(failures).toEqual([]);
    expect(rows.map(({ finds }) => finds > 0)).toEqual([false, false, false, true, true, true, true, true, true]);
    expect(rows.every((row) => row.spread.middle > 1)).toBe(true);
  },
);
