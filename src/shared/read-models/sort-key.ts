/** Sorts before every time, in descending order. */
const NO_TIME = '9999';

/**
 * The key by which lists are sorted in descending order: newest first, then by id. The id makes the key unique, so that a page can
 * start after the last entry of the previous page even when entries were added since. Entries without a time come first.
 */
export function sortKey(time: string | null, id: string): string {
  return `${time ?? NO_TIME}|${id}`;
}
