/** The later of two ISO 8601 UTC times. An empty string counts as the earliest time. */
export function laterOf(a: string, b: string): string {
  return a.localeCompare(b) > 0 ? a : b;
}
