import type { CommandsConfig } from '../shared/config.ts';
import { startFigures } from '../shared/figures/write-figures.ts';
import { lazyResource } from '../shared/lazy-resource.ts';
import type { Runtime } from '../shared/runtime.ts';

/**
 * Starts to write the figures of this instance, the only thing that the command app writes to Cosmos DB. Its SDK is loaded by the first
 * write, after the start. Without a connection to Cosmos DB there are no figures.
 */
export function startCommandFigures(
  { cosmos, cosmosDatabase, instance }: Pick<CommandsConfig, 'cosmos' | 'cosmosDatabase' | 'instance'>,
  runtime: Pick<Runtime, 'now' | 'timer' | 'newId'>,
): { stop(): void } {
  if (cosmos === undefined) return { stop: () => undefined };
  const readDatabase = lazyResource(async () => {
    const { openReadDatabase } = await import('../shared/read-models/open-database.ts');
    const { database, close } = openReadDatabase(cosmos, cosmosDatabase);
    return { database, close: async () => close() };
  });
  const stopFigures = startFigures({
    app: 'commands',
    instance: instance ?? runtime.newId(),
    database: async () => (await readDatabase.get()).database,
    runtime,
  });
  return {
    stop: () => {
      stopFigures();
      void readDatabase.close();
    },
  };
}
