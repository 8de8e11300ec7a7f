import { join } from 'node:path';
import { type LoadedAzurite, loadAzurite } from './azurite.ts';

/** Ports of Storage; 0 picks a free one. */
export interface StoragePorts {
  readonly blob: number;
  readonly queue: number;
  readonly table: number;
}

/** The folder of Storage in a data folder. */
export const storageFolder = (dataFolder: string): string => join(dataFolder, 'storage');

/**
 * Loads Azurite. This takes so long that programs do it while they load the rest of the system.
 * @param dataFolder Default: all data is in memory.
 */
export const loadStorage = ({ blob, queue, table }: StoragePorts, dataFolder?: string): LoadedAzurite =>
  loadAzurite({
    blobPort: blob,
    queuePort: queue,
    tablePort: table,
    ...(dataFolder !== undefined && { location: storageFolder(dataFolder) }),
  });

/** Starts a program that uses {@link loadStorage}, and ends Azurite if the program cannot start. */
export async function withStorage<Result>(storage: LoadedAzurite, start: () => Promise<Result>): Promise<Result> {
  try {
    return await start();
  } catch (error) {
    await storage.close();
    throw error;
  }
}
