/** What happens to which origin, and when. Pure: the seed decides. */
import { draw, shuffled } from "../load/draw.ts";
import { faultNames, isWellWhile, type FaultName } from "./origins.ts";

export interface Fault {
  /** The origin's name. */
  readonly origin: string;
  readonly fault: FaultName;
}

/** Times are milliseconds from the start of the load. */
export interface Phase {
  /** Nothing happens in the first one. */
  readonly faults: readonly Fault[];
  /** When it begins, and what is done to origins with it. */
  readonly from: number;
  /** When they are brought back. */
  readonly mended: number;
  /** When the next one begins. */
  readonly until: number;
}

/** Seconds that a phase takes at least where there is time for more than three. */
const shortest = 6;

/** Those of which an origin isn't well. */
const outages = faultNames.filter((fault) => !isWellWhile(fault));

/**
 * A calm time first. Then each origin in each way, alone; then all but one at once, so that each is once the only one that is
 * well, and the last one of these slow, too. When there isn't time for all, the first ones.
 */
export function programOf(origins: readonly string[], { seed, seconds }: Scale): readonly Phase[] {
  const allBut = origins.map((well) =>
    origins
      .filter((origin) => origin !== well)
      .map((origin) => ({
        origin,
        fault: outages[Math.floor(draw(seed, `${well}/${origin}`) * outages.length)]!,
      })),
  );
  const lonely = shuffled(allBut, seed, "all-but");
  const all = [[], ...alone(origins, seed), ...lonely.slice(0, -1), slowed(lonely.at(-1)!, origins)];
  const count = Math.min(all.length, Math.max(3, Math.floor(seconds / shortest)));
  const program = all.slice(0, count);
  const lengths = program.map((faults, index) => (isCrowded(faults) || isCrowded(program[index + 1]) ? longer : 1));
  const unit = (seconds * 1000) / lengths.reduce((sum, length) => sum + length, 0);
  let until = 0;
  return program.map((faults, index) => {
    const from = until;
    until = index + 1 < count ? from + unit * lengths[index]! : seconds * 1000;
    return { faults, from, mended: from + unit * (0.5 + 0.2 * draw(seed, `mended/${index}`)), until };
  });
}

/**
 * As many times as long as the others is a phase before which, or after which, only one origin is well: all are well for longer
 * than the slowest answer takes, so that no visit needs one that is well throughout where there is none.
 */
const longer = 1.4;

function isCrowded(faults: readonly Fault[] | undefined): boolean {
  return faults !== undefined && faults.length > 1;
}

/** The same, while those that nothing happens to are slow. */
function slowed(faults: readonly Fault[], origins: readonly string[]): readonly Fault[] {
  const rest = origins.filter((name) => faults.every(({ origin }) => origin !== name));
  return [...faults, ...rest.map((origin) => ({ origin, fault: "slow" as const }))];
}

/** Round by round, so that an origin has time to come back before its next fault. */
function alone(origins: readonly string[], seed: number): readonly Fault[][] {
  const [order, faults] = [shuffled(origins, seed, "origins"), shuffled(faultNames, seed, "faults")];
  return faults.flatMap((_, round) =>
    order.map((origin, index) => [{ origin, fault: faults[(index + round) % faults.length]! }]),
  );
}

export interface Scale {
  readonly seed: number;
  readonly seconds: number;
}
