import { Problem } from '../../shared/http/problem.ts';
import { versionAttributes } from '../../shared/telemetry/event-attributes.ts';
import { idempotentReplayCount } from '../../shared/telemetry/metrics.ts';
import { describeSpan } from '../../shared/telemetry/tracing.ts';
import type { OutboxEvent } from '../write-store/outbox.ts';
import type { CommandCommit, CommandRecord, CommandResult, LoadedRows } from '../write-store/write-store.ts';
import type { CommandAnswer, CommandEnvelope } from './command.ts';
import { earlierPayloadHash } from './payload-hash.ts';

/** Starts publishing committed events and returns immediately. The outbox relay sends later what could not be sent. */
export type Publish = (events: readonly OutboxEvent[]) => void;

type Answer = Omit<CommandAnswer, 'estimatedSyncMs'>;

/**
 * Publishes the events of a command that was committed, and answers it.
 * @param held whether its events must wait for a refused event of their aggregate: then they are left to the outbox relay
 */
export function answerAccepted(
  envelope: CommandEnvelope,
  commit: CommandCommit,
  { held, publish }: { readonly held: boolean | undefined; readonly publish: Publish },
): Answer {
  if (!held) publish(commit.events);
  return { result: asSent(commit.command.result, envelope), order: commit.order, replayed: false };
}

/** A request whose command may be recorded. */
interface Recorded {
  readonly envelope: CommandEnvelope;
  readonly hash: string;
  /** The commit that this request tried before it loaded the rows. */
  readonly tried: CommandCommit | undefined;
  readonly rows: LoadedRows;
}

/**
 * Answers a command that is recorded: an earlier request with its id gets the first result again. If the record is of this request, whose
 * commit succeeded although the connection broke, it is answered like any accepted command. Returns undefined when there is no record.
 * Throws Problem `idempotency-key-reused`.
 */
export function answerRecorded({ envelope, hash, tried, rows }: Recorded, publish: Publish): Answer | undefined {
  const record = rows.command;
  if (record === undefined) return undefined;
  const describeOutcome = (outcome: 'accepted' | 'replayed') =>
    describeSpan(() => ({ 'cqrs.outcome': outcome, ...versionAttributes(record.result) }));
  if (tried?.events.some(({ eventId }) => eventId === record.eventId)) {
    describeOutcome('accepted');
    return answerAccepted(envelope, tried, { held: record.held, publish });
  }
  const result = resultOf(record, hash, envelope);
  idempotentReplayCount.add(1, { command: envelope.commandType });
  describeOutcome('replayed');
  return { result, order: record.order, replayed: true };
}

/** A command that is sent again gets the first result. Reusing its id for a different request is a client error. */
function resultOf(record: CommandRecord, hash: string, envelope: CommandEnvelope): CommandResult {
  const { payloadHash: recorded } = record;
  if (recorded === hash || recorded === earlierPayloadHash(envelope)) return asSent(record.result, envelope);
  const detail = `The idempotency key ${envelope.commandId} was already used for a different request: use a new key for each request.`;
  throw new Problem('idempotency-key-reused', detail);
}

/** The result with the idempotency key that the client sent, instead of the one under which the command is recorded. */
function asSent(result: CommandResult, { commandId }: CommandEnvelope): CommandResult {
  return { ...result, commandId };
}
