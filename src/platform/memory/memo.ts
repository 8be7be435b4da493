/**
 * A bounded memory of pure results. When it is full it forgets everything: cheaper than keeping an order, and what is
 * asked for often is back at once.
 */
export function createMemo<T>(size: number): (key: string, make: () => T) => T {
  const results = new Map<string, T>();
  return (key, make) => {
    const known = results.get(key);
    if (known !== undefined) return known;
    if (results.size >= size) results.clear();
    const made = make();
    results.set(key, made);
    return made;
  };
}
