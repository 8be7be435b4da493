/** Where and with what the figures were measured: without it they say nothing. */
import { cpus } from "node:os";
import { workerdVersion } from "./workerd.ts";

export interface Machine {
  /** When, as an ISO 8601 date. */
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly workerd: string;
  readonly node: string;
  /** Of the programs that take part, such as "nginx version: nginx/1.22.1". */
  readonly programs: readonly string[];
}

export function readMachine(): Omit<Machine, "programs"> {
  const cores = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cores[0]?.model.trim() ?? "unknown",
    cores: cores.length,
    workerd: workerdVersion(),
    node: process.version,
  };
}

export function renderMachine({ date, processor, cores, workerd, node, programs }: Machine): string {
  return [`${date}, ${processor}, ${cores} cores, ${workerd}, Node ${node}`, ...programs].join("\n");
}
