import type { Changes } from './changes.ts';

const START = '(to decide';

/** What stands in a document until the developer replaces it. A test refuses it in the repository. */
export const toDecide = (question?: string): string =>
  question === undefined ? `${START})` : `${START}: ${question})`;

/** The documents in which something is left to replace. */
export function undecided(changes: Changes): readonly string[] {
  const files = [...changes.files].filter(([, text]) => text.includes(START)).map(([path]) => path);
  if (files.length === 0) return [];
  return [
    `What belongs instead of each "${START} …)"? See ${files.sort().join(' and ')}. A test fails until all are replaced.`,
  ];
}
