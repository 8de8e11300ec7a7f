import type { Database } from '@azure/cosmos';
import { REPLAYS } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { replaceIfUnchanged } from '../../shared/read-models/replace-if-unchanged.ts';
import type { Replay } from './replay.ts';

/** A replay with the version of its document. */
export interface StoredReplay {
  readonly replay: Replay;
  readonly etag: string;
}

/** Maximum replays in a list. */
const NEWEST = 100;

/** Replays and their progress. Faults of the database are thrown. */
export interface ReplayStore {
  create(replay: Replay): Promise<void>;
  read(id: string): Promise<Replay | undefined>;
  /** The one to resume: replays run one after the other. */
  oldestRunning(): Promise<StoredReplay | undefined>;
  /** The newest ones, the newest first. */
  newest(): Promise<readonly Replay[]>;
  /** The new etag; undefined when someone else has changed the replay meanwhile. */
  replace(replay: Replay, etag: string): Promise<string | undefined>;
}

/** Replays in their Cosmos DB container. */
export function cosmosReplayStore(database: Database): ReplayStore {
  const container = database.container(REPLAYS.name);
  return {
    create: async (replay) => {
      await container.items.create(replay);
    },
    read: async (id) => (await container.item(documentId(id), documentId(id)).read<Replay>()).resource,
    oldestRunning: async () => {
      const query = "SELECT TOP 1 * FROM c WHERE c.status = 'running' ORDER BY c.startedAt";
      const { resources } = await container.items.query<Replay & { readonly _etag: string }>(query).fetchAll();
      const [found] = resources;
      return found === undefined ? undefined : { replay: found, etag: found._etag };
    },
    newest: async () => {
      const query = `SELECT TOP ${NEWEST} * FROM c ORDER BY c.startedAt DESC`;
      return (await container.items.query<Replay>(query, { maxItemCount: -1 }).fetchAll()).resources;
    },
    replace: (replay, etag) => replaceIfUnchanged(container, replay, { partitionKey: replay.id, etag }),
  };
}
