/** A string of valid JSON, with the colon after it when it is a key; or the start or end of an object or an array. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;

/**
 * Finds a key that occurs twice in one object. `JSON.parse` keeps only the last value, while other readers of the same text may keep
 * the first (RFC 8259, section 4).
 * @param json valid JSON
 * @returns the first such key, or undefined
 */
export function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = []; // the keys so far of every object around the current token; none for an array
  for (const [token, text, colon] of json.matchAll(TOKEN)) {
    if (text === undefined) enterOrLeave(open, token);
    else if (colon !== undefined) {
      const key = String(JSON.parse(text));
      if (open.at(-1)?.has(key)) return key;
      open.at(-1)?.add(key);
    }
  }
  return undefined;
}

function enterOrLeave(open: Set<string>[], token: string): void {
  if (token === '{' || token === '[') open.push(new Set());
  else open.pop();
}
