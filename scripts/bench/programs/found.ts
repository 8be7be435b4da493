/** Which of the programs are installed here. */
import type { Contestant } from "../contestant.ts";
import { nginx } from "./nginx.ts";
import { varnish } from "./varnish.ts";

export interface Found {
  /** Whether it can take part: everything but a program that isn't installed. */
  readonly isHere: (contestant: Contestant) => boolean;
  readonly versions: readonly string[];
}

/** Tells of each that is left out. */
export function findPrograms(tell: (says: string) => void, programs = [nginx, varnish]): Found {
  const missing = new Set<Contestant>();
  const versions = programs.flatMap((program) => {
    const version = program.version?.();
    if (version !== undefined) return [version];
    missing.add(program);
    tell(`${program.name} is left out: it isn't installed (apt-get install ${program.name.toLowerCase()})`);
    return [];
  });
  return { isHere: (contestant) => !missing.has(contestant), versions };
}
