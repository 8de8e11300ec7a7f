/** Keeps events in a SQLite file. All writes of one turn of the event loop are one transaction. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type FileSchema, openSqliteFile, Transaction } from '../sqlite-file.ts';
import type { EventStore, KeptEvent, PartitionStore } from './event-store.ts';
import { offsetOf } from './stored-event.ts';

/** `Header` and `Message` are encoded AMQP, ready to be delivered. `Created` has when the file was created (ms since 1970). */
export const EVENT_HUBS_FILE: FileSchema = {
  version: 2,
  tables: `
    CREATE TABLE Created (OnlyRow INTEGER PRIMARY KEY CHECK (OnlyRow = 1), At INTEGER NOT NULL) STRICT;
    INSERT INTO Created VALUES (1, CAST(unixepoch('subsec') * 1000 AS INTEGER));
    CREATE TABLE Events (
      Hub TEXT NOT NULL,
      PartitionId TEXT NOT NULL,
      SequenceNumber INTEGER NOT NULL,
      EnqueuedAt INTEGER NOT NULL,
      MessageId TEXT,
      ProducerId INTEGER,
      ProducerSequence INTEGER,
      Header BLOB NOT NULL,
      Message BLOB NOT NULL,
      PRIMARY KEY (Hub, PartitionId, SequenceNumber)
    ) STRICT`,
};

type Row = Readonly<Record<string, SQLOutputValue>>;

/**
 * Opens the file, made when it is missing.
 * @param path the file; its folder is made, too
 * @throws when another program has it open, or another version has written it
 */
export async function openFileStore(path: string): Promise<EventStore> {
  return new FileStore(await openSqliteFile(path, EVENT_HUBS_FILE));
}

class FileStore implements EventStore {
  readonly createdAt: Date;
  readonly #database: DatabaseSync;
  readonly #transaction: Transaction;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  #waiting: (() => void)[] = [];
  #commit: NodeJS.Immediate | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.createdAt = new Date(Number(database.prepare('SELECT At FROM Created').get()?.At));
    this.#transaction = new Transaction(database);
    this.#insert = database.prepare('INSERT INTO Events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#delete = database.prepare('DELETE FROM Events WHERE Hub = ? AND PartitionId = ? AND SequenceNumber < ?');
  }

  partition(hub: string, partitionId: string): PartitionStore {
    return {
      load: () => this.#load(hub, partitionId),
      append: ({ entry, messageId, published }) => {
        const { sequenceNumber, enqueuedAt, header, message } = entry;
        const { producerId = null, sequenceNumber: sequence = null } = published ?? {};
        const about = [sequenceNumber, enqueuedAt, messageId ?? null, producerId, sequence];
        this.#transaction.begin();
        this.#insert.run(hub, partitionId, ...about, header, message);
      },
      removeBefore: (sequenceNumber) => {
        this.#transaction.begin();
        this.#delete.run(hub, partitionId, sequenceNumber);
      },
      whenKept: (callback) => {
        this.#waiting.push(callback);
        this.#commit ??= setImmediate(() => this.#keep());
      },
    };
  }

  close(): void {
    clearImmediate(this.#commit);
    this.#keep();
    this.#database.close();
  }

  #keep(): void {
    this.#transaction.commit();
    const kept = this.#waiting;
    this.#waiting = [];
    this.#commit = undefined;
    for (const callback of kept) callback();
  }

  *#load(hub: string, partitionId: string): Iterable<KeptEvent> {
    const select = 'SELECT * FROM Events WHERE Hub = ? AND PartitionId = ? ORDER BY SequenceNumber';
    for (const row of this.#database.prepare(select).iterate(hub, partitionId)) yield keptEvent(row);
  }
}

function keptEvent(row: Row): KeptEvent {
  const sequenceNumber = Number(row.SequenceNumber);
  return {
    entry: {
      sequenceNumber,
      offset: offsetOf(sequenceNumber),
      enqueuedAt: Number(row.EnqueuedAt),
      header: bytes(row.Header),
      message: bytes(row.Message),
    },
    messageId: row.MessageId === null ? undefined : String(row.MessageId),
    published:
      row.ProducerId === null
        ? undefined
        : { producerId: Number(row.ProducerId), sequenceNumber: Number(row.ProducerSequence) },
  };
}

function bytes(value: SQLOutputValue | undefined): Buffer {
  if (!(value instanceof Uint8Array)) throw new TypeError('An event in the file has no bytes.');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
