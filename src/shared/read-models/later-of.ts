/** The later of two times by ISO 8601 UTC, or of a time and none (''). */
export function laterOf(a: string, b: string): string {
  return a.localeCompare(b) > 0 ? a : b;
}
