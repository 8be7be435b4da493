/** Why a pattern can't be had, in words that follow a colon. */
export class PatternFlaw extends Error {}
