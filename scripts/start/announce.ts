/** What a start prints. */
import type { Example } from "./demo.ts";
import type { DemoOrigin } from "./origins.ts";
import type { Ways } from "./serving.ts";

/** The edge that runs. */
export interface RunningEdge {
  readonly url: string;
  /** workerd's. */
  readonly pid: number;
  /** URLs of what it fronts. */
  readonly origins: readonly string[];
}

export function announceDemo(edge: RunningEdge, origins: readonly DemoOrigin[], examples: readonly Example[]): string {
  const rows = origins.map(({ name, url, at, pid }) => [name, url, `at ${at.join(", ")}`, `pid ${pid}`]);
  return [
    "Perigee, with three demo origins on this machine:",
    "",
    ...columns([["edge", edge.url, "workerd", `pid ${edge.pid}`], ...rows]).map(indent),
    "",
    "Try these in another terminal:",
    ...examples.flatMap(({ shows, command }) => ["", `  # ${shows}`, `  ${command}`]),
    "",
    "Ctrl-C stops everything.",
  ].join("\n");
}

export function announceEdge({ url, pid, origins }: RunningEdge, ways: Ways = {}): string {
  return [
    `Perigee on ${url} (workerd, pid ${pid}) in front of ${origins.join(", ")}`,
    ...Object.entries(ways).map(([binding, address]) => tellWay(binding, address)),
    "Ctrl-C stops it.",
  ].join("\n");
}

function tellWay(binding: string, address: string | undefined): string {
  if (address !== undefined) return `The binding ${binding} leads to http://${address}.`;
  return `The binding ${binding} isn't on this machine: origins that are asked by it can't be reached. Lead it somewhere: --via ${binding}=http://127.0.0.1:3000`;
}

/** Pads every cell to the widest of its column. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

function indent(line: string): string {
  return `  ${line}`;
}
