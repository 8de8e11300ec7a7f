import { CONTAINERS } from '../src/shared/read-models/containers.ts';
import { checkKeptData, filesOf, type MissingData } from './kept-data.ts';
import { endPairing, startPairing } from './pairing.ts';
import { rebuildReadModels } from './rebuild/rebuild-read-models.ts';

/** What to do meanwhile. */
export interface Preparation {
  readonly say: (line: string) => void;
  /** Aborts a rebuild. The next start then rebuilds again. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the read models of a data folder match its write store, and removes a hub that does not match: see `checkKeptData`. Call it before
 * anything runs on the folder.
 * @returns whether the hub will be a new one
 * @throws {StartFault} when the folder cannot be used; the reason of `signal`
 */
export async function prepareDataFolder(
  folder: string,
  { say, signal }: Preparation,
): Promise<Pick<MissingData, 'newHub'>> {
  const missing = await checkKeptData(folder);
  const { writeStore, cosmosDb, masterKey } = filesOf(folder);
  const number = startPairing(writeStore);
  if (missing.events > 0 && (missing.projections.length > 0 || missing.replaced.length > 0)) {
    if (missing.projections.length > 0) {
      say(`Rebuilding ${namesOf(missing)} from ${missing.events} events of ${writeStore}.`);
    }
    await rebuildReadModels({ ...missing, writeStore, cosmosDb, masterKey, say, signal });
  }
  endPairing(cosmosDb, number);
  return { newHub: missing.newHub };
}

function namesOf({ projections, replaced }: MissingData): string {
  if (replaced.length === 0 || replaced.length === CONTAINERS.length) return 'the read models';
  return new Intl.ListFormat('en').format(projections.map(({ container }) => container.readModel));
}
