/** What is beside a place in a text, and what that says of it. */
import type { Side } from "../../config/search.ts";
import type { Assertion } from "./syntax.ts";

export const sides: readonly Side[] = ["none", "word", "other"];

export const holds: Readonly<Record<Assertion, (before: Side, after: Side) => boolean>> = {
  start: (before) => before === "none",
  end: (_before, after) => after === "none",
  edge: (before, after) => (before === "word") !== (after === "word"),
  "no-edge": (before, after) => (before === "word") === (after === "word"),
};
