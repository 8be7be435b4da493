/** As many keys are remembered; then all are forgotten, and memory may be behind as far as another isolate's. */
const mostKeys = 10_000;

/** Which keys this isolate has written to lately, so that what is read slowly doesn't bring back what was replaced. */
export interface Writes {
  /** What it returns tells whether nothing was written under the key since. */
  readonly watch: (key: string) => () => boolean;
  /** Begins a write. What it returns ends it, and tells whether it was the only one under the key meanwhile. */
  readonly begin: (key: string) => () => boolean;
}

/** Nothing has to be told when work is broken off: the platform ends what goes on for too long without a word. */
export function createWrites(): Writes {
  /** Key → the turn at which a write last began or ended. */
  const last = new Map<string, number>();
  let turn = 0;
  const mark = (key: string): number => {
    if (last.size >= mostKeys) last.clear();
    last.set(key, ++turn);
    return turn;
  };
  return {
    watch(key) {
      const watched = turn;
      return () => (last.get(key) ?? 0) <= watched;
    },

    begin(key) {
      const begun = mark(key);
      return () => {
        const isOnly = last.get(key) === begun;
        mark(key);
        return isOnly;
      };
    },
  };
}
