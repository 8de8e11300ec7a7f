import type { Changes } from './changes.ts';

const START = '(to decide';

/** A placeholder in a document. A test fails until the developer replaces it. */
export const toDecide = (question?: string): string =>
  question === undefined ? `${START})` : `${START}: ${question})`;

/** Names the documents that have placeholders, in one sentence; none if there are no placeholders. */
export function undecided(changes: Changes): readonly string[] {
  const files = [...changes.files].filter(([, text]) => text.includes(START)).map(([path]) => path);
  if (files.length === 0) return [];
  return [`What replaces each "${START} …)"? See ${files.sort().join(' and ')}. A test fails until all are replaced.`];
}
