import { it as base } from 'vitest';
import { startSystem } from './system.ts';

/**
 * The host of a shared system is never restarted, so it does not need a checkpoint after each batch of each consumer group. Writing
 * them takes half of Azurite's CPU time.
 */
const FEW_CHECKPOINTS = { AzureFunctionsJobHost__extensions__eventHubs__batchCheckpointFrequency: '50' };

/**
 * `it` of the tests that share one system per worker. Such a test creates its own customers, products and orders, expects data of other
 * tests in lists, and leaves every service and the host running. A test that cannot starts its own system.
 */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs
export const it = base.extend('shared', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const system = await startSystem(FEW_CHECKPOINTS);
  onCleanup(() => system.stop());
  return system;
});
