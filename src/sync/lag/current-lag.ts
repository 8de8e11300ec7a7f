import { runtime } from '../app.ts';
import type { PartitionLag } from './lag.ts';

/** The lag as of now. What reads it is loaded at the first call, since the Storage SDK takes long to load. */
export async function currentLag(): Promise<readonly PartitionLag[]> {
  const { readLag } = await import('./lag.ts');
  const { eventHub, storage } = runtime().config;
  return readLag(eventHub, storage);
}
