/** What the rules say of compression, over the settings. */
import type { Compressing, CompressRule } from "../config/compress.ts";

/** Each member by itself, and each coding's level: what a later rule doesn't name, an earlier one's word, or the settings', stands. */
export function compressingOf(settings: Compressing, rules: readonly CompressRule[]): Compressing {
  return rules.reduce<Compressing>(
    (merged, { levels, ...rest }) => ({ ...merged, ...rest, levels: { ...merged.levels, ...levels } }),
    settings,
  );
}
