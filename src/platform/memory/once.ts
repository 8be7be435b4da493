import type { Edge } from "../../edge.ts";

/** Deferred work that runs once at a time under each key; bounded by what is running. */
export function createOnce(defer: Edge["defer"]): Edge["deferOnce"] {
  const running = new Set<string>();
  return (key, work) => {
    if (running.has(key)) return;
    running.add(key);
    defer(work().finally(() => running.delete(key)));
  };
}
