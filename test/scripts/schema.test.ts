import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { renderSchema, schemaFile } from "../../scripts/commands/schema.ts";
import { root } from "../../scripts/project.ts";

interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
}

const schema = JSON.parse(renderSchema()) as Schema;

test("the committed file is what the code says (npm run perigee -- schema writes it)", () => {
  expect(readFileSync(schemaFile, "utf8")).toBe(renderSchema());
});

test("every field of every binding says what it is for", () => {
  const nameless = Object.entries(schema.properties!).flatMap(([name, binding]) => [
    ...(binding.description ? [] : [name]),
    ...Object.entries((binding.items ?? binding).properties ?? {}).flatMap(([field, { description }]) =>
      description ? [] : [`${name}.${field}`],
    ),
  ]);
  expect(nameless).toEqual([]);
});

test("defaults are told, in the form they are written in", () => {
  const { name, limits, compress } = schema.properties!["SETTINGS"]!.properties!;
  expect(name!.default).toBe("perigee");
  expect(limits!.properties!["url"]!.default).toBe("16KB");
  expect(compress!.properties!["types"]!.default).toContain("text/*");
});

test("other fields are not allowed", () => {
  expect(schema.properties!["RULES"]!.items!.additionalProperties).toBe(false);
});

test("it knows every field of the shipped wrangler.toml", () => {
  const { vars } = parse(readFileSync(join(root, "wrangler.toml"), "utf8")) as { vars: Record<string, unknown> };
  const unknown = ["ORIGINS", "SITES", "RULES", "SETTINGS"].flatMap((name) => {
    const { items, properties } = schema.properties![name]!;
    const known = Object.keys((items ?? { properties }).properties!);
    const tables = [vars[name]].flat() as object[];
    return tables.flatMap((table) => Object.keys(table)).filter((field) => !known.includes(field));
  });
  expect(unknown).toEqual([]);
});
