/** Stands in for the platform's rate-limit bindings, which workerd itself hasn't: counts in the isolate, by the minute. */

interface Settings {
  /** So many of a key in a minute. */
  readonly most: number;
}

interface Limiter {
  readonly limit: (asked: { readonly key: string }) => Promise<{ readonly success: boolean }>;
}

const minute = 60_000;

/** What the Worker is bound to. */
export default function bind({ most }: Settings): Limiter {
  let began = 0;
  const counts = new Map<string, number>();
  return {
    limit: async ({ key }) => {
      const now = Date.now();
      if (now - began >= minute) {
        began = now;
        counts.clear();
      }
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return { success: count <= most };
    },
  };
}
