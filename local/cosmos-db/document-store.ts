/** Persistence of the account. Requests read from memory; a store keeps a copy that outlives the process, or nothing. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type FileSchema, openSqliteFile, Transaction } from '../sqlite-file.ts';
import type { StoredDocument } from './stored-document.ts';

/** A document of an earlier run. */
export interface KeptDocument {
  readonly rid: string;
  /** Partition key as a JSON array. */
  readonly partitionKey: string;
  readonly id: string;
  readonly json: string;
}

/** The documents of one container, by their resource ids. */
export interface ContainerStore {
  /** Documents of earlier runs, in the order of their resource ids. */
  load(): Iterable<KeptDocument>;
  put(document: Pick<StoredDocument, 'rid' | 'value'>, partitionKey: string): void;
  remove(rid: string): void;
}

export interface DocumentStore {
  /** Databases and containers as JSON; undefined in a new file. */
  readonly definitions: string | undefined;
  /** @param rids resource ids of all containers; documents of other containers are removed */
  saveDefinitions(definitions: string, rids: readonly string[]): void;
  /** @param rid of the container */
  container(rid: string): ContainerStore;
  /** Commits everything written since the last call, in one transaction. Call it before answering a request. */
  commit(): void;
  close(): void;
}

/** Keeps nothing: documents are lost when the process ends. */
export const memoryStore: DocumentStore = {
  definitions: undefined,
  saveDefinitions: () => {},
  container: () => ({ load: () => [], put: () => {}, remove: () => {} }),
  commit: () => {},
  close: () => {},
};

export const COSMOS_DB_FILE: FileSchema = {
  version: 1,
  tables: `
    CREATE TABLE Definitions (OnlyRow INTEGER PRIMARY KEY CHECK (OnlyRow = 1), Json TEXT NOT NULL) STRICT;
    CREATE TABLE Documents (
      Container TEXT NOT NULL,
      Rid TEXT NOT NULL,
      PartitionKey TEXT NOT NULL,
      Json TEXT NOT NULL,
      PRIMARY KEY (Container, Rid)
    ) STRICT`,
};

/**
 * Opens the SQLite file, made when it is missing.
 * @param path the file; its folder is made, too
 * @throws when another program has it open, or another version has written it
 */
export async function openFileStore(path: string): Promise<DocumentStore> {
  return new FileStore(await openSqliteFile(path, COSMOS_DB_FILE));
}

class FileStore implements DocumentStore {
  readonly #database: DatabaseSync;
  readonly #transaction: Transaction;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#transaction = new Transaction(database);
    // REPLACE would delete the row first, and cost twice as much. The partition key of a document never changes.
    this.#put = database.prepare(
      'INSERT INTO Documents VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET Json = excluded.Json',
    );
    this.#remove = database.prepare('DELETE FROM Documents WHERE Container = ? AND Rid = ?');
  }

  get definitions(): string | undefined {
    const json = this.#database.prepare('SELECT Json FROM Definitions').get()?.Json;
    return json === undefined ? undefined : String(json);
  }

  saveDefinitions(definitions: string, rids: readonly string[]): void {
    this.#transaction.begin();
    this.#database.prepare('INSERT OR REPLACE INTO Definitions VALUES (1, ?)').run(definitions);
    const others = 'DELETE FROM Documents WHERE Container NOT IN (SELECT value FROM json_each(?))';
    this.#database.prepare(others).run(JSON.stringify(rids));
  }

  container(rid: string): ContainerStore {
    return {
      load: () => this.#load(rid),
      put: (document, partitionKey) => {
        this.#transaction.begin();
        this.#put.run(rid, document.rid, partitionKey, JSON.stringify(document.value));
      },
      remove: (documentRid) => {
        this.#transaction.begin();
        this.#remove.run(rid, documentRid);
      },
    };
  }

  commit(): void {
    this.#transaction.commit();
  }

  close(): void {
    if (!this.#database.isOpen) return;
    this.commit();
    this.#database.close();
  }

  *#load(container: string): Iterable<KeptDocument> {
    const select = `SELECT Rid, PartitionKey, Json ->> '$.id' AS Id, Json FROM Documents WHERE Container = ? ORDER BY Rid`;
    for (const row of this.#database.prepare(select).iterate(container)) yield keptDocument(row);
  }
}

function keptDocument({ Rid, PartitionKey, Id, Json }: Readonly<Record<string, SQLOutputValue>>): KeptDocument {
  return { rid: String(Rid), partitionKey: String(PartitionKey), id: String(Id), json: String(Json) };
}
