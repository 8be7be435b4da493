import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editFields, type FieldEdits } from "../../src/http/edit.ts";
import { Fields } from "../../src/http/fields.ts";

const none: FieldEdits<string> = { remove: [], set: [], add: [] };
const terms = { subject: "Berlin", reserved: new Set(["host"]) };

function edited(values: Record<string, string>, edits: Partial<FieldEdits<string>>) {
  const fields = Fields.of(values);
  const skipped = editFields(fields, { ...none, ...edits }, terms);
  return { fields: Object.fromEntries(fields), skipped };
}

describe("edits", () => {
  test("rename after remove and before set, in place of what is there; never from or to a field that is reserved", () => {
    const rename: FieldEdits<string>["rename"] = [
      ["x-a", "x-b"],
      ["x-gone", "x-c"],
      ["x-absent", "x-c"],
      ["host", "x-c"],
      ["x-d", "host"],
    ];
    const values = { "x-a": "1", "x-b": "2", "x-c": "3", "x-d": "4", "x-gone": "5", host: "h" };
    const { fields, skipped } = edited(values, { remove: ["x-gone"], rename, add: [["x-b", () => "6"]] });
    expect(fields).toEqual({ "x-b": "1, 6", "x-c": "3", "x-d": "4", host: "h" });
    expect(skipped).toEqual(["host", "host"]);
  });

  test("remove, then set, then add, with texts made for the subject", () => {
    const { fields, skipped } = edited(
      { "x-a": "0", "x-b": "0" },
      {
        remove: ["x-a"],
        set: [["x-b", (city) => `from ${city}`]],
        add: [
          ["x-b", () => "2"],
          ["x-a", () => "1"],
        ],
      },
    );
    expect(fields).toEqual({ "x-a": "1", "x-b": "from Berlin, 2" });
    expect(skipped).toEqual([]);
  });

  test("a value that comes out empty removes with set, and adds nothing", () => {
    const empty = [["x-a", () => " "]] as const;
    expect(edited({ "x-a": "1" }, { set: empty }).fields).toEqual({});
    expect(edited({ "x-a": "1" }, { add: empty }).fields).toEqual({ "x-a": "1" });
  });

  test.each([
    ["x-a", "1\r\nx-b: 2"],
    ["x-a", "1\n2"],
    ["x-a", "1\0"],
    ["x a", "1"],
    ["", "1"],
    ["x-ä", "1"],
    ["x-a:", "1"],
    ["host", "evil.example"],
  ])("%j: %j is skipped, and said to be", (name, value) => {
    for (const kind of ["set", "add"] as const) {
      expect(edited({ "x-c": "3" }, { [kind]: [[name, () => value]] })).toEqual({
        fields: { "x-c": "3" },
        skipped: [name],
      });
    }
  });

  test("what is reserved can't be removed either", () => {
    expect(edited({ host: "a" }, { remove: ["host"] })).toEqual({ fields: { host: "a" }, skipped: ["host"] });
  });

  test("whatever they write, the platform takes the fields", () => {
    const text = fc.string({ unit: "binary", maxLength: 8 });
    fc.assert(
      fc.property(text, text, (name, value) => {
        const fields = new Fields();
        editFields(fields, { ...none, set: [[name.toLowerCase(), () => value]] }, terms);
        expect(() => new Headers(fields.toInit())).not.toThrow();
      }),
    );
  });
});
