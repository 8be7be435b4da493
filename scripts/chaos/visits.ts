/** Who asks for what, where. Pure: the seed decides. */
import { draw } from "../load/draw.ts";
import { kinds, type Kind } from "./objects.ts";

export interface Visit {
  readonly kind: Kind;
  readonly target: string;
  /** The index of the edge location. */
  readonly edge: number;
}

/** The visit of that number. */
export function visitAt(number: number, seed: number, edges: number): Visit {
  const kind = kindAt(draw(seed, `kind/${number}`));
  const own = kind.stored === undefined ? number : Math.floor(draw(seed, `which/${number}`) * kind.stored);
  return { kind, target: `/${kind.name}/${own}`, edge: Math.floor(draw(seed, `edge/${number}`) * edges) };
}

function kindAt(part: number): Kind {
  let sum = 0;
  return kinds.find(({ share }) => part < (sum += share)) ?? kinds[0]!;
}
