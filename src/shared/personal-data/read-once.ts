/** Where reads are kept: a Map, or a cache whose entries expire. */
interface Reads<Value> {
  get(id: string): Promise<Value> | undefined;
  set(id: string, reading: Promise<Value>): unknown;
  delete(id: string): unknown;
}

/** Returns what was read before, or reads it. Concurrent callers share one read; a read that fails is forgotten. */
export function readOnce<Value>(reads: Reads<Value>, id: string, read: () => Promise<Value>): Promise<Value> {
  const known = reads.get(id);
  if (known !== undefined) return known;
  const reading = read();
  reads.set(id, reading);
  reading.catch(() => reads.delete(id));
  return reading;
}
