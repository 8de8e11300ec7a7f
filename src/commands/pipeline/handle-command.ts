import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import { currentTraceparent } from '../../shared/telemetry/tracing.ts';
import type { CommandRecord, CommandResult, LoadedRows, OutboxEvent, WriteStore } from '../write-store/write-store.ts';
import type { Change, Command, CommandAnswer, CommandEnvelope, CommandSettings, PreparedCommand } from './command.ts';
import { type DecidedCommit, encryptCommit } from './encrypt-commit.ts';
import { estimateSyncMs } from './estimate-sync.ts';
import { payloadHash } from './payload-hash.ts';

export interface HandleDependencies {
  readonly store: Pick<WriteStore, 'load' | 'commit'>;
  /** Sends committed events on their way; returns at once, and what it fails to send the outbox relay sends later. */
  readonly publish: (events: readonly OutboxEvent[]) => void;
  readonly masterKey: MasterKey;
  readonly settings: CommandSettings;
}

/**
 * How often a command is decided when others keep changing the same aggregate (optimistic concurrency). Of 10 commands at once on
 * one order, 7 gave up after 3 attempts without a wait; with 6 attempts and this backoff all 10 are accepted.
 */
const MAX_ATTEMPTS = 6;
const BACKOFF: Backoff = { firstMs: 20, maxMs: 1_000 };

/**
 * Loads, decides and commits: two round trips to the write store. A commit that lost a race has written nothing. The command is
 * then loaded and decided again, on what the other command left: its own record, a new version, less stock.
 */
export async function handleCommand(
  command: Command,
  envelope: CommandEnvelope,
  { store, publish, masterKey, settings }: HandleDependencies,
): Promise<CommandAnswer> {
  const prepared = command.prepare(envelope, settings);
  const hash = payloadHash(envelope);
  for (let attempt = 1; ; attempt++) {
    const rows = await store.load({ commandId: envelope.commandId, ...prepared.reads }).catch(notWritten);
    const estimatedSyncMs = estimateSyncMs(rows.syncLags);
    if (rows.command !== undefined)
      return { result: resultOf(rows.command, hash, envelope), replayed: true, estimatedSyncMs };
    const decided = decide(envelope, prepared, { rows, hash });
    const commit = await encryptCommit(decided, rows, masterKey).catch(notWritten);
    const { outcome } = await store.commit(commit).catch(notWritten);
    if (outcome === 'committed') {
      publish(commit.events);
      return { result: commit.command.result, replayed: false, estimatedSyncMs };
    }
    // A duplicate is answered by its record, which the next load finds.
    if (attempt >= MAX_ATTEMPTS && outcome !== 'duplicate') throw tooBusy();
    if (outcome === 'conflict') await delay(backoffMs(attempt, BACKOFF));
  }
}

function tooBusy(): Problem {
  return new Problem('concurrent-update', 'Other requests kept changing the same data: try again.', { retryAfter: 1 });
}

/** What the command changes, decided on the rows. Throws Problem: the rule that it breaks, or the version that it does not meet. */
function decide(
  envelope: CommandEnvelope,
  prepared: PreparedCommand,
  { rows, hash }: { readonly rows: LoadedRows; readonly hash: string },
): DecidedCommit {
  const version = prepared.version(rows);
  checkExpectedVersion(envelope, prepared, version);
  const decision = prepared.decide(rows);
  if (decision.outcome === 'accepted') {
    return toCommit(envelope, prepared, { ...decision.change, version: version + 1, hash });
  }
  const { code, message, errors } = decision.rejection;
  throw new Problem(code, message, { errors });
}

/** Who sends a command again gets the first answer; the same id for another request is a client's mistake. */
function resultOf(record: CommandRecord, hash: string, { commandId }: CommandEnvelope): CommandResult {
  if (record.payloadHash === hash) return record.result;
  const detail = `The idempotency key ${commandId} was used for another request: use a new key for each request.`;
  throw new Problem('idempotency-key-reused', detail);
}

function checkExpectedVersion({ expectedVersion }: CommandEnvelope, prepared: PreparedCommand, version: number): void {
  if (expectedVersion === undefined || expectedVersion === version) return;
  const name = `${prepared.aggregateType.toLowerCase()} ${prepared.aggregateId}`;
  const detail = `If-Match expects version ${expectedVersion} of ${name}, it has ${version}: read it again and retry.`;
  throw new Problem('version-mismatch', detail);
}

/** What is committed: the change, its event in its envelope, and the command's own record. */
function toCommit(
  envelope: CommandEnvelope,
  { aggregateType, aggregateId }: PreparedCommand,
  { version, hash, event: newEvent, ...rows }: Change & { readonly version: number; readonly hash: string },
): DecidedCommit {
  const { commandId, commandType, receivedAt, correlationId, actor, source } = envelope;
  const traceparent = currentTraceparent() ?? envelope.traceparent;
  const event: EventEnvelope = {
    eventId: randomUUID(),
    ...newEvent,
    aggregateId,
    version,
    timestamp: receivedAt,
    correlationId,
    causationId: commandId,
    ...(traceparent !== undefined && { traceparent }),
    metadata: { userId: actor.userId, source },
  };
  const result = { commandId, aggregateType, aggregateId, version };
  const command = { commandId, commandType, payloadHash: hash, acceptedAt: receivedAt, result };
  return { command, event, ...rows };
}

/** A fault of the write store: nothing was answered, so the client may send the command again with the same key. */
const notWritten = unavailable('Orders cannot be written at the moment: send it again with the same key.');
