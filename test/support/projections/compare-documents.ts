/** Fields that the database adds or that depend on the time of writing. */
const STAMPS = new Set(['_rid', '_self', '_etag', '_attachments', '_ts', 'projectedAt', 'revision', 'ttl']);

/** A document as text without what may differ between equal documents. */
export function toText(document: unknown): string {
  return JSON.stringify(document, (_key, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !STAMPS.has(key))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });
}

const SHOWN = 3;

/** The first documents that only one side has. */
export function differences(actual: readonly string[], expected: readonly string[]) {
  const [found, wanted] = [new Set(actual), new Set(expected)];
  return {
    missing: expected.filter((text) => !found.has(text)).slice(0, SHOWN),
    unexpected: actual.filter((text) => !wanted.has(text)).slice(0, SHOWN),
  };
}
