/** Kinds of visits, and which comes when. Pure: the seed decides. */
import { chanceFrom } from "../bench/list-questions.ts";
import type { Asked } from "./message.ts";
import type { Passes } from "./passes.ts";

/** A number from 0 up to, not with, that one. */
export type Draw = (below: number) => number;

export interface Kind {
  readonly name: string;
  /** In parts of all kinds' together. */
  readonly share: number;
  readonly ask: (draw: Draw, passes: Passes) => Asked;
}

export interface Chosen {
  readonly kind: Kind;
  readonly asked: Asked;
}

/** One visit after the other. */
export function chooserOf(kinds: readonly Kind[], passes: Passes, seed: number): () => Chosen {
  const chance = chanceFrom(seed);
  const draw: Draw = (below) => Math.floor((chance() / 2 ** 32) * below);
  const whole = kinds.reduce((sum, { share }) => sum + share, 0);
  return () => {
    let left = draw(whole);
    const kind = kinds.find(({ share }) => (left -= share) < 0)!;
    return { kind, asked: kind.ask(draw, passes) };
  };
}

/** One of them. */
export function oneOf<T>(items: readonly T[], draw: Draw): T {
  return items[draw(items.length)]!;
}
