import { isReadExactly } from './exact-numbers.ts';

/** A string of valid JSON, with the colon after it when it is a key; a number; or the start or end of an object or an array. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]|-?\d[\d.eE+-]*/g;

/** The same without numbers, and with the commas between the values of an array. */
const PLACE = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\],]/g;

/** A part of a JSON text that `JSON.parse` drops or changes without an error. */
export type LostInJson =
  /** A key that occurs twice in one object. */
  | { readonly duplicateKey: string }
  /** The path of a number that is rounded, such as `items.0.price`. */
  | { readonly roundedNumber: string };

/**
 * Finds the first part of a JSON text that `JSON.parse` drops or changes: of a key that occurs twice in one object, it keeps only the last
 * value, while other readers may keep the first (RFC 8259, section 4), and it rounds numbers to doubles (section 6).
 * @param json valid JSON
 */
export function lostInJson(json: string): LostInJson | undefined {
  const open: Set<string>[] = []; // the keys so far of every object around the current token; none for an array
  for (const { 0: token, 1: text, 2: colon, index } of json.matchAll(TOKEN)) {
    if (colon !== undefined && text !== undefined) {
      const key = String(JSON.parse(text));
      if (open.at(-1)?.has(key)) return { duplicateKey: key };
      open.at(-1)?.add(key);
    } else if (text === undefined && !enterOrLeave(open, token) && !isReadExactly(token)) {
      return { roundedNumber: pathAt(json, index) };
    }
  }
  return undefined;
}

/** Follows the token into or out of an object or an array. False for a number. */
function enterOrLeave(open: Set<string>[], token: string): boolean {
  switch (token) {
    case '{':
    case '[':
      open.push(new Set());
      return true;
    case '}':
    case ']':
      open.pop();
      return true;
    default:
      return false;
  }
}

/** The path of the value that begins at an index. */
function pathAt(json: string, index: number): string {
  const path: (string | number)[] = [];
  for (const [token, text, colon] of json.slice(0, index).matchAll(PLACE)) {
    if (text === undefined) follow(path, token);
    else if (colon !== undefined) path.splice(-1, 1, String(JSON.parse(text)));
  }
  return path.join('.');
}

/** Follows the token into or out of an object or an array, or to its next value. */
function follow(path: (string | number)[], token: string): void {
  const last = token === '{' || token === '[' ? undefined : path.pop();
  if (token === '{') path.push('');
  else if (token === '[') path.push(0);
  else if (token === ',') path.push(typeof last === 'number' ? last + 1 : '');
}
