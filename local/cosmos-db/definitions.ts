/** Saves and restores databases and containers, which @vercel/cosmosdb-server has in memory only. */
import type { Account } from './commonjs-modules.ts';

type Databases = InstanceType<typeof Account>['databases'];
type Definition = Parameters<Databases['_set']>[0];

/** `created` counts everything ever created; resource ids are made from it. */
interface Definitions {
  readonly created: number;
  readonly databases: readonly {
    readonly definition: Definition;
    readonly created: number;
    readonly containers: readonly Definition[];
  }[];
}

/** @returns the definitions as JSON */
export function saveDefinitions({ _ridCount: created, _data: databases }: Databases): string {
  const saved: Definitions = {
    created,
    databases: Array.from(databases.values(), (database) => ({
      definition: database.read(),
      created: database.collections._ridCount,
      containers: Array.from(database.collections._data.values(), (container) => container.read()),
    })),
  };
  return JSON.stringify(saved);
}

/** @param json what {@link saveDefinitions} returned */
export function restoreDefinitions(databases: Databases, json: string): void {
  const saved: Definitions = JSON.parse(json);
  databases._ridCount = saved.created;
  for (const { definition, created, containers } of saved.databases) {
    databases._set(definition);
    const { collections } = databases._item('/id', definition.id, definition.id);
    collections._ridCount = created;
    for (const container of containers) collections._set(container);
  }
}

/** @returns the resource ids of all containers */
export function containerRids({ _data: databases }: Databases): readonly string[] {
  return Array.from(databases.values(), ({ collections }) => [...collections._data.keys()]).flat();
}
