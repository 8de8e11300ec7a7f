import { z } from 'zod';

/** A container by its name and the path of its partition key. */
interface Container {
  readonly name: string;
  readonly partitionKey: string | readonly string[];
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
 * The containers that a file of the stand-in lacks, or has with another partition key, as an older version of the apps may have left
 * them.
 * @param path a file with the tables of this version
 */
export async function missingContainers<Wanted extends Container>(
  path: string,
  containers: readonly Wanted[],
): Promise<readonly Wanted[]> {
  const { DatabaseSync } = await import('node:sqlite');
  const file = new DatabaseSync(path);
  try {
    const json = file.prepare('SELECT Json FROM Definitions').get()?.Json;
    const kept = json === undefined ? [] : definitions.parse(JSON.parse(String(json))).databases;
    const found = new Set(
      kept.flatMap(({ containers: all }) => all.map(({ id, partitionKey }) => id + partitionKey.paths)),
    );
    return containers.filter(({ name, partitionKey }) => !found.has(name + partitionKey));
  } finally {
    file.close();
  }
}
