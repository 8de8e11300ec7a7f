import type { Database } from '@azure/cosmos';
import { acrossPartitions } from '../../shared/read-models/across-partitions.ts';
import { REPLAYS } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { replaceIfUnchanged } from '../../shared/read-models/replace-if-unchanged.ts';
import type { Replay } from './replay.ts';

/** A replay with the ETag of its document. */
export interface StoredReplay {
  readonly replay: Replay;
  readonly etag: string;
}

/** Maximum replays in a list. */
const NEWEST = 100;

/** Stores replays and their progress. Methods reject with the errors of the database. */
export interface ReplayStore {
  create(replay: Replay): Promise<void>;
  read(id: string): Promise<StoredReplay | undefined>;
  /** The replay to resume: replays run one after the other. */
  oldestRunning(): Promise<StoredReplay | undefined>;
  /** The newest 100 replays, newest first. */
  newest(): Promise<readonly Replay[]>;
  /** Returns the new ETag; undefined on an ETag conflict. */
  replace(replay: Replay, etag: string): Promise<string | undefined>;
}

/** Replays in their Cosmos DB container. */
export function cosmosReplayStore(database: Database): ReplayStore {
  const container = database.container(REPLAYS.name);
  return {
    create: async (replay) => {
      await container.items.create(replay);
    },
    read: async (id) => toStored((await container.item(documentId(id), documentId(id)).read<FoundReplay>()).resource),
    oldestRunning: async () => {
      const query = "SELECT TOP 1 * FROM c WHERE c.status = 'running' ORDER BY c.startedAt";
      return toStored((await container.items.query<FoundReplay>(query, acrossPartitions(1)).fetchAll()).resources[0]);
    },
    newest: async () => {
      const query = `SELECT TOP ${NEWEST} * FROM c ORDER BY c.startedAt DESC`;
      return (await container.items.query<Replay>(query, acrossPartitions(NEWEST)).fetchAll()).resources;
    },
    replace: (replay, etag) => replaceIfUnchanged(container, replay, { partitionKey: replay.id, etag }),
  };
}

type FoundReplay = Replay & { readonly _etag: string };

const toStored = (found: FoundReplay | undefined): StoredReplay | undefined =>
  found && { replay: found, etag: found._etag };
