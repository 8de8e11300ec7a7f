/** Sorts before every time, in descending order. */
const NO_TIME = '9999';

/**
 * What lists are sorted by, descending: newest first, then by id, so that no two entries share a place and a page can go on
 * behind the last one whatever was added meanwhile. What has no time yet comes first.
 */
export function sortKey(time: string | null, id: string): string {
  return `${time ?? NO_TIME}|${id}`;
}
