import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import { type Deadline, DeadlineExceeded, withDeadline } from '../../shared/deadline.ts';
import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { eventAttributes } from '../../shared/telemetry/event-attributes.ts';
import { reportRetry } from '../../shared/telemetry/report-retry.ts';
import { currentTraceparent, describeSpan, withSpan } from '../../shared/telemetry/tracing.ts';
import type { Rejection } from '../domain/decider.ts';
import {
  type CommandCommit,
  type CommitOutcome,
  type LoadedRows,
  UnstorableValue,
  type WriteStore,
} from '../write-store/write-store.ts';
import { answerAccepted, answerRecorded, type Publish } from './answer-command.ts';
import type { Change, Command, CommandAnswer, CommandEnvelope, CommandSettings, PreparedCommand } from './command.ts';
import { commandKey } from './command-key.ts';
import { type DecidedCommit, encryptCommit } from './encrypt-commit.ts';
import { estimateSyncMs } from './estimate-sync.ts';
import { checkExpectedVersion, requireExisting } from './expected-version.ts';
import { payloadHash } from './payload-hash.ts';

export interface HandleDependencies {
  readonly store: Pick<WriteStore, 'load' | 'commit'>;
  readonly publish: Publish;
  readonly masterKey: MasterKey;
  readonly settings: CommandSettings;
  readonly runtime: Runtime;
}

/**
 * Maximum attempts when other commands keep changing the same aggregate (optimistic concurrency). With 10 concurrent commands on
 * one order, 7 failed with 3 attempts and no backoff; with 6 attempts and this backoff, all 10 are accepted.
 */
const MAX_ATTEMPTS = 6;
const BACKOFF: Backoff = { firstMs: 20, maxMs: 1_000 };

/**
 * Loads, decides and commits: two round trips to the write store. A commit that lost a race has written nothing, so the command
 * is loaded and decided again with the rows that the other command left: the record of this command, a new version, or less
 * stock. Everything up to the commit has one deadline, `deadlineMs`; past it, the command fails with Problem `unavailable`.
 */
export async function handleCommand(
  command: Command,
  envelope: CommandEnvelope,
  dependencies: HandleDependencies,
): Promise<CommandAnswer> {
  const prepared = command.prepare(envelope, dependencies.settings);
  const request = { envelope, prepared, hash: payloadHash(envelope, prepared) };
  const { settings, runtime } = dependencies;
  const work = (deadline: Deadline) => untilAccepted(request, dependencies, deadline);
  return withDeadline(settings.deadlineMs, runtime, work).catch(pastDeadline);
}

/** Tries the command until it is accepted, or replayed. Throws Problem when it is rejected or keeps losing races. */
async function untilAccepted(
  request: CommandRequest,
  dependencies: HandleDependencies,
  deadline: Deadline,
): Promise<CommandAnswer> {
  const { delay, random } = dependencies.runtime;
  let tried: CommandCommit | undefined;
  for (let attempt = 1; ; attempt++) {
    const answer = await tryCommand({ ...request, tried }, dependencies, deadline);
    if (!('outcome' in answer)) return answer;
    const { outcome } = answer;
    // After a duplicate, the next load finds the record with the result.
    if (attempt >= MAX_ATTEMPTS && outcome !== 'duplicate') throw tooBusy();
    reportRetry({ component: 'commands', reason: outcome, count: 1 });
    tried = answer.commit;
    if (outcome === 'conflict') await delay(backoffMs(attempt, BACKOFF, random));
  }
}

interface CommandRequest {
  readonly envelope: CommandEnvelope;
  readonly prepared: PreparedCommand;
  readonly hash: string;
}

/** A request with the commit of the attempt before. */
interface Attempt extends CommandRequest {
  readonly tried: CommandCommit | undefined;
}

type LostRace = Exclude<CommitOutcome, { readonly outcome: 'committed' }> & { readonly commit: CommandCommit };

/** One attempt. */
async function tryCommand(
  request: Attempt,
  { store, publish, masterKey, runtime }: HandleDependencies,
  deadline: Deadline,
): Promise<CommandAnswer | LostRace> {
  deadline.throwIfOver();
  const { envelope, prepared, hash } = request;
  const reads = { commandId: commandKey(envelope), ...prepared.reads };
  const rows = await withSpan({ name: 'load' }, () => store.load(reads, deadline)).catch(notWritten);
  const estimatedSyncMs = estimateSyncMs(rows.syncLags);
  const answer = answerRecorded({ ...request, rows }, publish);
  if (answer !== undefined) return { ...answer, estimatedSyncMs };
  const traceparent = currentTraceparent() ?? envelope.traceparent;
  const ids = { rows, hash, eventId: runtime.newId(), traceparent };
  const decided = await withSpan({ name: 'decide' }, async () => decide(envelope, prepared, ids));
  const attributes = () => eventAttributes(decided.event);
  const encrypt = () => encryptCommit(decided, rows, masterKey, runtime);
  const commit = await withSpan({ name: 'encrypt' }, encrypt).catch(notWritten);
  deadline.throwIfOver();
  const committed = await withSpan({ name: 'commit', attributes }, async () => {
    const tried = await store.commit(commit, deadline);
    describeSpan(() => ({ 'cqrs.outcome': tried.outcome }));
    return tried;
  }).catch(notWritten);
  if (committed.outcome !== 'committed') return { ...committed, commit };
  describeSpan(() => ({ 'cqrs.outcome': 'accepted', ...attributes() }));
  return { ...answerAccepted(envelope, commit, { held: committed.held, publish }), estimatedSyncMs };
}

/** The outcome may be unknown: a commit that was sent in time may still succeed. */
function pastDeadline(error: unknown): never {
  if (!(error instanceof DeadlineExceeded)) throw error;
  const detail = 'The command was not completed in time: retry with the same idempotency key.';
  throw new Problem('unavailable', detail, { retryAfter: 5, cause: error });
}

function tooBusy(): Problem {
  return new Problem('concurrent-update', 'Other requests kept changing the same data: try again.', { retryAfter: 1 });
}

/** Decides the command against the rows. Throws Problem when it breaks a rule or expects a different version. */
function decide(
  envelope: CommandEnvelope,
  prepared: PreparedCommand,
  { rows, ...ids }: { readonly rows: LoadedRows } & Omit<EventIds, 'version'>,
): DecidedCommit {
  const version = prepared.version(rows);
  checkExpectedVersion(envelope, prepared, version);
  const decision = prepared.decide(rows);
  if (decision.outcome === 'accepted') {
    requireExisting(envelope, prepared, version);
    return toCommit(envelope, prepared, { ...decision.change, version: version + 1, ...ids });
  }
  throw rejectionProblem(decision.rejection);
}

/** The problem that a rejected command is answered with. */
export function rejectionProblem({ code, message, errors, facts }: Rejection): Problem {
  return new Problem(code, message, { errors, facts });
}

interface EventIds {
  readonly version: number;
  readonly hash: string;
  readonly eventId: string;
  /** The command's span, which the spans of its event continue. */
  readonly traceparent: string | undefined;
}

/** Builds the commit: the change, its event in an envelope, and the command's own record. */
function toCommit(
  envelope: CommandEnvelope,
  { aggregateType, aggregateId }: PreparedCommand,
  { version, hash, eventId, traceparent, event: newEvent, ...rows }: Change & EventIds,
): DecidedCommit {
  const { commandType, receivedAt, correlationId, actor, source } = envelope;
  const commandId = commandKey(envelope);
  const event: EventEnvelope = {
    eventId,
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

const retryLater = unavailable('Orders cannot be written at the moment: retry with the same idempotency key.');

/**
 * A fault of the write store: the outcome is unknown, so the client should retry with the same idempotency key. A value that cannot
 * be stored fails every time, so the client is not asked to retry.
 */
function notWritten(error: unknown): never {
  if (error instanceof UnstorableValue) throw error;
  return retryLater(error);
}
