import { textLine } from '../../src/commands/http/fields.ts';

/** The API's limit for names, in UTF-16 code units. */
const MAX_NAME_LENGTH = 200;

/**
 * Returns the name that the API accepts for a text of the file: on one line, and at most 200 UTF-16 code units long without half a
 * surrogate pair at its end. Returns undefined when nothing usable is left.
 */
export function toProductName(text: string): string | undefined {
  const line = text.replaceAll(/[\s\p{Cc}]*[\p{Cc}\p{Zl}\p{Zp}][\s\p{Cc}]*/gu, ' ');
  const parsed = textLine.safeParse(truncate(line.trim()));
  return parsed.success ? parsed.data : undefined;
}

function truncate(text: string): string {
  return text.slice(0, MAX_NAME_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
}
