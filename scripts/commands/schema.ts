/** `perigee schema`: writes the JSON Schema of the config, with which editors complete and check it. */
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { toJsonSchema, type JsonSchema } from "@valibot/to-json-schema";
import { Command } from "commander";
import type { GenericSchema } from "valibot";
import { bindingSchemas } from "../../src/config/config.ts";
import { root } from "../project.ts";

export const schemaFile = join(root, "docs", "perigee.schema.json");

export function schemaCommand(): Command {
  return new Command("schema")
    .description("Write the JSON Schema of the config to docs/perigee.schema.json.")
    .action(() => {
      writeFileSync(schemaFile, renderSchema());
      console.log(`${relative(process.cwd(), schemaFile)} is written.`);
    });
}

/** The file's text. */
export function renderSchema(): string {
  const bindings = Object.entries(bindingSchemas()).map(([name, schema]) => [name, convert(schema)] as const);
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Perigee's config: the [vars] of its wrangler.toml, or the document in KV",
    type: "object",
    required: ["ORIGINS", "SITES"],
    properties: Object.fromEntries(bindings),
    patternProperties: Object.fromEntries(
      bindings.map(([name]) => [
        `^${name}_[1-9]\\d{0,3}$`,
        { description: `Continues ${name}.`, $ref: `#/properties/${name}` },
      ]),
    ),
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function convert(schema: GenericSchema): JsonSchema {
  const { $schema: _, ...json } = toJsonSchema(schema, {
    typeMode: "input",
    // Checks across fields and against other parts of the config are not a JSON Schema's business.
    errorMode: "ignore",
    overrideSchema: ({ jsonSchema }) => tidy(jsonSchema),
  });
  return json;
}

/** `false` for "no other fields", which editors say more clearly than a schema that nothing fits. */
function tidy({ additionalProperties, ...json }: JsonSchema): JsonSchema {
  if (additionalProperties === undefined) return json;
  const isNone = typeof additionalProperties === "object" && additionalProperties.not !== undefined;
  return { ...json, additionalProperties: isNone ? false : additionalProperties };
}
