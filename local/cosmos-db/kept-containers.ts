import { z } from 'zod';

/** A container by its name and the path of its partition key. */
interface Container {
  readonly name: string;
  readonly partitionKey: string;
}

/** The part of `saveDefinitions` that is needed here. */
const definitions = z.object({
  databases: z.array(
    z.object({
      containers: z.array(z.object({ id: z.string(), partitionKey: z.object({ paths: z.array(z.string()) }) })),
    }),
  ),
});

/**
 * Whether the databases in a file of the stand-in have all the containers, each with its partition key. True for a file without
 * containers. False for one that an older version of the apps has written, with other containers.
 * @param path a file with the tables of this version
 */
export async function hasContainers(path: string, containers: readonly Container[]): Promise<boolean> {
  const { DatabaseSync } = await import('node:sqlite');
  const file = new DatabaseSync(path);
  try {
    const json = file.prepare('SELECT Json FROM Definitions').get()?.Json;
    const kept = json === undefined ? [] : definitions.parse(JSON.parse(String(json))).databases;
    const found = new Set(
      kept.flatMap(({ containers: all }) => all.map(({ id, partitionKey }) => id + partitionKey.paths)),
    );
    return found.size === 0 || containers.every(({ name, partitionKey }) => found.has(name + partitionKey));
  } finally {
    file.close();
  }
}
