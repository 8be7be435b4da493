import type { Marks } from "../../edge.ts";
import { createMarkView } from "./mark-view.ts";

/** As many marks are held. */
const most = 1_000;

/** Marks that this isolate alone knows, from the moment they are added until it ends. */
export function createMemoryMarks(): Marks {
  const view = createMarkView(most);
  return {
    covering: view.covering,
    change: view.change,
    current: () => undefined,
    add: async (marks) => marks.forEach((mark) => view.record(mark)),
    everywhereWithin: undefined,
  };
}
