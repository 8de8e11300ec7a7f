import { type Container, ErrorResponse } from '@azure/cosmos';
import { REPLAYS } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { runtime } from '../app.ts';
import type { Replay } from './replay.ts';

/** A replay with the version of its document. */
export interface StoredReplay {
  readonly replay: Replay;
  readonly etag: string;
}

/** Most replays in a list. */
const NEWEST = 100;
/** The document is another one by now. */
const PRECONDITION_FAILED = 412;

/** Replays in their Cosmos DB container. Faults of the database are thrown. */
export interface ReplayStore {
  create(replay: Replay): Promise<void>;
  read(id: string): Promise<Replay | undefined>;
  /** The one to carry on: replays run one after the other. */
  oldestRunning(): Promise<StoredReplay | undefined>;
  /** The newest ones, the newest first. */
  newest(): Promise<readonly Replay[]>;
  /** The new etag; undefined when someone else has changed the replay meanwhile. */
  replace(replay: Replay, etag: string): Promise<string | undefined>;
}

/** The app's own. */
export const replayStore = (): ReplayStore => cosmosReplayStore(runtime().database.container(REPLAYS.name));

export function cosmosReplayStore(container: Container): ReplayStore {
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
    replace: async (replay, etag) => {
      const accessCondition = { type: 'IfMatch', condition: etag };
      try {
        return (await container.item(replay.id, replay.id).replace(replay, { accessCondition })).etag;
      } catch (error) {
        if (error instanceof ErrorResponse && error.code === PRECONDITION_FAILED) return undefined;
        throw error;
      }
    },
  };
}
