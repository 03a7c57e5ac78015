/**
 * A map that holds at most `limit` entries, an even number, and forgets those that were not used for the longest time:
 * whatever was used among the last `limit / 2` different keys is there.
 */
export function createRecent<Value>(limit: number) {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();

  function set(key: string, value: Value): void {
    young.set(key, value);
    if (young.size < limit / 2) return;
    old = young;
    young = new Map();
  }

  return {
    get(key: string): Value | undefined {
      const value = young.get(key);
      if (value !== undefined) return value;
      const earlier = old.get(key);
      if (earlier !== undefined) set(key, earlier);
      return earlier;
    },
    set,
    delete(key: string): void {
      young.delete(key);
      old.delete(key);
    },
  };
}
