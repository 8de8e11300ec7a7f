import type { Deadline } from '../../../shared/deadline.ts';
import type { Runtime } from '../../../shared/runtime.ts';
import { executeProcedure, type ProcedureParameters } from '../../../shared/write-database/azure-sql/procedures.ts';
import { retryTransient } from '../../../shared/write-database/azure-sql/retry.ts';
import type { SqlDatabase } from '../../../shared/write-database/azure-sql/sql-database.ts';
import { toHeartbeat } from '../../../shared/write-database/heartbeat.ts';
import type { CustomerKey, CustomerKeys, KeysNotUnderRequest } from '../customer-keys.ts';
import type { ArchiveRequest, EventArchive } from '../event-archive.ts';
import { toCustomerKeys, toStoredEvents } from '../event-rows.ts';
import type { ClaimRequest, Outbox, OutboxBacklog, OutboxEvent, RefusalRequest } from '../outbox.ts';
import { toBacklog, toEventIds, toOutboxEvents } from '../outbox-rows.ts';
import { toInteger, toLoadedRows, toUnconfirmedOrders } from '../rows.ts';
import type { ReadEventsRequest, StoredEvents } from '../stored-events.ts';
import {
  BEFORE_ALL,
  type UnconfirmedOrder,
  type UnconfirmedOrders,
  type UnconfirmedOrdersRequest,
} from '../unconfirmed-orders.ts';
import {
  type CommandCommit,
  type CommitOutcome,
  type LoadedRows,
  type LoadRequest,
  UnstorableValue,
  type WriteStore,
} from '../write-store.ts';
import { commitDocument } from './commit-document.ts';
import { isUnstorable, toCommitOutcome } from './commit-errors.ts';

/** The result sets of `LoadForCommand`, in its order. */
const LOADED_SETS = ['commands', 'orders', 'items', 'customers', 'products', 'syncLags', 'draftCounts'];

/** The write store on Azure SQL or SQL Server: one stored procedure per method. Retries after transient faults. */
export class AzureSqlWriteStore implements WriteStore, Outbox, CustomerKeys, UnconfirmedOrders, EventArchive {
  readonly #database: SqlDatabase;
  readonly #runtime: Pick<Runtime, 'delay' | 'random'>;

  constructor(database: SqlDatabase, runtime: Pick<Runtime, 'delay' | 'random'>) {
    this.#database = database;
    this.#runtime = runtime;
  }

  async load(request: LoadRequest, deadline?: Deadline): Promise<LoadedRows> {
    const { commandId, orderId, customerId, productIds, countDraftsUpTo } = request;
    const parameters = {
      CommandId: commandId,
      OrderId: orderId ?? null,
      CustomerId: customerId ?? null,
      ProductIds: JSON.stringify(productIds),
      CountDraftsUpTo: countDraftsUpTo ?? null,
    };
    const load = () => this.#execute('LoadForCommand', parameters);
    const sets = await retryTransient(load, this.#runtime, deadline);
    return toLoadedRows(Object.fromEntries(LOADED_SETS.map((name, index) => [name, sets[index]])));
  }

  /**
   * See `WriteStore`. When the connection breaks during the commit, its outcome is unknown, so the commit is sent again. If the
   * first attempt succeeded, the primary key of Commands makes the second one a `duplicate`. The caller then loads again and
   * finds the record of its own command, which it recognizes by the id of the event.
   */
  async commit(commit: CommandCommit, deadline?: Deadline): Promise<CommitOutcome> {
    const document = commitDocument(commit);
    const write = () => this.#execute('CommitCommand', { CommitDocument: document });
    try {
      const [rows] = await retryTransient(write, this.#runtime, deadline);
      return { outcome: 'committed', ...(rows?.[0]?.held === 1 && { held: true }) };
    } catch (error) {
      const outcome = toCommitOutcome(error);
      if (outcome !== undefined) return outcome;
      throw isUnstorable(error) ? new UnstorableValue(error) : error;
    }
  }

  async readEvents(request: ReadEventsRequest, deadline?: Deadline): Promise<StoredEvents> {
    const { aggregateType, aggregateId, upToVersion, ownerId, window } = request;
    const read = () =>
      this.#execute('ReadEvents', {
        AggregateType: aggregateType,
        AggregateId: aggregateId,
        UpToVersion: upToVersion ?? null,
        OwnerId: ownerId ?? null,
        After: window?.after ?? 0,
        MaxEvents: window?.limit ?? null,
        MaxCharacters: window?.maxCharacters ?? null,
      });
    const [events, customers, retiredKeys, heartbeats] = await retryTransient(read, this.#runtime, deadline);
    return { ...toStoredEvents({ events, customers, retiredKeys }), heartbeat: toHeartbeat(heartbeats) };
  }

  async ping(): Promise<void> {
    await this.#execute('Ping', {});
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  /** See `Outbox`. A retry after a fault claims the same rows, because an owner may claim its own rows again. */
  async claim({ owner, leaseMs, olderThanMs, limit, maxCharacters }: ClaimRequest): Promise<readonly OutboxEvent[]> {
    const parameters = {
      Owner: owner,
      LeaseMs: leaseMs,
      OlderThanMs: olderThanMs,
      MaxEvents: limit,
      MaxCharacters: maxCharacters,
    };
    const [events] = await this.#retry(() => this.#execute('ClaimOutbox', parameters));
    return toOutboxEvents(events);
  }

  async markPublished(eventIds: readonly string[]): Promise<void> {
    await this.#retry(() => this.#execute('MarkPublished', { EventIds: JSON.stringify(eventIds) }));
  }

  /** See `Outbox`. A retry after a fault may count a refusal twice, which only sets the event aside earlier. */
  async recordRefusals({ eventIds, maxTries, setAsideMs }: RefusalRequest): Promise<readonly string[]> {
    const parameters = { EventIds: JSON.stringify(eventIds), MaxTries: maxTries, SetAsideMs: setAsideMs };
    const [setAside] = await this.#retry(() => this.#execute('RecordRefusals', parameters));
    return toEventIds(setAside);
  }

  async backlog(): Promise<OutboxBacklog> {
    const [rows] = await this.#retry(() => this.#execute('OldestUnpublished', {}));
    return toBacklog(rows?.[0]);
  }

  async keysNotUnder({ masterKeyVersion, after, limit }: KeysNotUnderRequest): Promise<readonly CustomerKey[]> {
    const parameters = {
      MasterKeyVersion: masterKeyVersion,
      AfterCustomerId: after?.customerId ?? '',
      AfterKeyId: after?.keyId ?? '',
      MaxKeys: limit,
    };
    const [keys] = await this.#retry(() => this.#execute('KeysNotUnder', parameters));
    return toCustomerKeys(keys);
  }

  async rewrapKeys(keys: readonly CustomerKey[]): Promise<void> {
    await this.#retry(() => this.#execute('RewrapKeys', { Keys: JSON.stringify(keys) }));
  }

  async unconfirmedOrders(request: UnconfirmedOrdersRequest): Promise<readonly UnconfirmedOrder[]> {
    const { submittedUntil, after = BEFORE_ALL, limit } = request;
    const parameters = {
      SubmittedUntil: submittedUntil,
      AfterSubmittedAt: after.submittedAt,
      AfterOrderId: after.orderId,
      MaxOrders: limit,
    };
    const [orders] = await this.#retry(() => this.#execute('ReadUnconfirmedOrders', parameters));
    return toUnconfirmedOrders(orders);
  }

  /** See `EventArchive`. A retry after a fault moves the next events, so the returned number may be too low. */
  async archiveEvents({ recordedBefore, limit, maxCharacters }: ArchiveRequest): Promise<number> {
    const parameters = { RecordedBefore: recordedBefore, MaxEvents: limit, MaxCharacters: maxCharacters };
    const [moved] = await this.#retry(() => this.#execute('ArchiveEvents', parameters));
    return toInteger(moved?.[0]?.archived);
  }

  #retry<Result>(operation: () => Promise<Result>): Promise<Result> {
    return retryTransient(operation, this.#runtime);
  }

  #execute(procedure: string, parameters: ProcedureParameters) {
    return executeProcedure(this.#database, procedure, parameters);
  }
}
