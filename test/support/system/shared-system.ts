import { it as base } from 'vitest';
import { startSystem } from './system.ts';

/**
 * `it` of the tests that share one system per worker. Such a test creates its own customers, products and orders, expects data of other
 * tests in lists, and leaves every service and the host running. A test that cannot starts its own system.
 */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs
export const it = base.extend('shared', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const system = await startSystem();
  onCleanup(() => system.stop());
  return system;
});
