/** The later of two ISO 8601 UTC times. An empty string counts as the earliest time. */
export function laterOf(a: string, b: string): string {
  return a.localeCompare(b) > 0 ? a : b;
}

/**
 * A document whose `lastUpdated` is not earlier than a time; the same object when it already is so. Of two versions of an aggregate, the
 * earlier one can have the later time, because the clocks of two processes differ. It counts even when it arrives late.
 */
export function updatedBy<Document extends { readonly lastUpdated: string }>(
  document: Document,
  time: string,
): Document {
  const lastUpdated = laterOf(document.lastUpdated, time);
  return lastUpdated === document.lastUpdated ? document : { ...document, lastUpdated };
}
