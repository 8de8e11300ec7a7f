import { categoryOf } from './categories.ts';
import type { CallFrame, Sampled } from './cpu-profile.ts';

/** Percentages by label, the largest first. */
export type Shares = ReadonlyMap<string, number>;

/** Returns the percentages of the busy time by category. They add up to 100. */
export function sharesOfCategories(all: readonly Sampled[]): Shares {
  return sharesBy(all, ({ stack }) => categoryOf(stack));
}

/**
 * Returns the percentages of the busy time by function. What runs outside any function is left out.
 * @param placeOf describes where a function is
 */
export function sharesOfFunctions(all: readonly Sampled[], placeOf: (frame: CallFrame) => string): Shares {
  return sharesBy(all, ({ stack: [frame, caller] }) => {
    const name = frame.functionName || '(anonymous)';
    if (frame.url !== '') return `${name}, ${placeOf(frame)}`;
    const isFunction = caller !== undefined && !frame.functionName.startsWith('('); // V8 reports (program), for example
    return isFunction ? `${name} (native), called in ${placeOf(caller)}` : undefined;
  });
}

/** @param labelOf returns undefined to leave a function out; its samples still count toward the whole */
function sharesBy(all: readonly Sampled[], labelOf: (sampled: Sampled) => string | undefined): Shares {
  const whole = all.reduce((sum, { samples }) => sum + samples, 0);
  const shares = new Map<string, number>();
  for (const sampled of all) {
    const label = labelOf(sampled);
    if (label !== undefined) shares.set(label, (shares.get(label) ?? 0) + (sampled.samples * 100) / whole);
  }
  return new Map([...shares].toSorted(([, a], [, b]) => b - a));
}
