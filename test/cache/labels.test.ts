import { expect, test } from "vitest";
import { tagList, tagsOf } from "../../src/cache/labels.ts";
import { Fields } from "../../src/http/fields.ts";

test.for<
  [fields: Readonly<Record<string, string>>, kept: ReturnType<typeof tagsOf>, listed: readonly string[] | "any"]
>([
  [{}, undefined, []],
  [{ "cache-tag": " , " }, undefined, []],
  [{ "cache-tag": "News,  home page", "surrogate-key": "any" }, "news home page any", ["news", "home", "page", "any"]],
  [{ "cache-tag": "x".repeat(257) }, true, "any"],
  [{ "surrogate-key": "x ".repeat(129) }, true, "any"],
])("%j", ([fields, kept, listed]) => {
  const tags = tagsOf(Fields.of(fields));
  expect(tags).toBe(kept);
  expect(tagList(tags)).toEqual(listed);
});
