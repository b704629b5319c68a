/** Remembers what was computed under a key. What failed is computed anew; beyond `limit` keys the longest unused is forgotten. */
export function createMemo<T>(limit: number): (key: string, compute: () => Promise<T>) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key, compute) => {
    const value = known.get(key) ?? compute();
    known.delete(key);
    known.set(key, value);
    value.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > limit && oldest !== undefined) known.delete(oldest);
    return value;
  };
}
