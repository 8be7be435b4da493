import type { Answer } from "../answer.ts";
import { Fields } from "../http/fields.ts";

/** A page for programs, which nobody keeps. */
export function json(status: number, content: object): Answer {
  return {
    status,
    fields: Fields.of({ "content-type": "application/json", "cache-control": "no-store" }),
    body: `${JSON.stringify(content)}\n`,
  };
}
