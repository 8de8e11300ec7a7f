/**
 * True when arrays and objects are nested more than `maxDepth` levels deep. Reads the text once and builds nothing, so that it takes
 * little time for any text.
 * @param json any text; the result means something only for valid JSON
 */
export function isNestedDeeperThan(json: string, maxDepth: number): boolean {
  let depth = 0;
  for (let index = 0; index < json.length; index++) {
    switch (json[index]) {
      case '"':
        index = endOfString(json, index);
        break;
      case '[':
      case '{':
        if (++depth > maxDepth) return true;
        break;
      case ']':
      case '}':
        depth--;
    }
  }
  return false;
}

/** The index of the quotation mark that ends the string; not less than the length of the text when there is none. */
function endOfString(json: string, start: number): number {
  let index = start + 1;
  while (index < json.length && json[index] !== '"') index += json[index] === '\\' ? 2 : 1;
  return index;
}
