import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { customerOfEvent } from '../../src/shared/personal-data/event-encryption.ts';
import type { KnownOutcome } from './clients.ts';

/** Answers that no command of the workload may get. */
const NEVER: ReadonlySet<string> = new Set([
  'malformed',
  'internal-error',
  'unauthenticated',
  'malformed-json',
  'unknown-command',
  'idempotency-key-reused',
]);

/**
 * An accepted command has one event, in the version that its answer names; a rejected command has none. All attempts get the same
 * answer.
 */
export function brokenPromise(outcome: KnownOutcome, log: readonly EventEnvelope[]): readonly string[] {
  const { request, key, answer, isCertain } = outcome;
  const events = log.filter(({ causationId }) => causationId === key);
  const name = `${request.command.type} ${request.command.on ?? ''}`;
  if (events.length > 1) return [`${name} took effect ${events.length} times.`];
  const [event] = events;
  if (typeof answer === 'number') {
    if (event?.version !== answer) return [`${name} was accepted as version ${answer}, but the log has no such event.`];
    return [...differentAnswers(outcome, name), ...notAllowed(outcome, event, name)];
  }
  if (NEVER.has(answer)) return [`${name} got the answer ${answer}.`];
  // An attempt whose outcome nobody knows may be executed after a later attempt was rejected.
  return isCertain && event !== undefined ? [`${name} was rejected with ${answer}, but took effect.`] : [];
}

/** Every attempt of an accepted command gets the first answer again, marked as replayed. */
function differentAnswers({ answer, answers, later }: KnownOutcome, name: string): readonly string[] {
  const accepted = answers.filter(({ result }) => typeof result === 'number');
  const first = accepted.filter(({ isReplayed }) => !isReplayed).length;
  const changed = later.filter((one) => one !== answer);
  return [
    ...changed.map((one) => `${name} created version ${answer}, but got the answer ${one} when it was sent again.`),
    ...(new Set(accepted.map(({ body }) => body)).size > 1
      ? [`${name} got different answers when it was sent again.`]
      : []),
    ...(first > 1 ? [`${name} got ${first} answers that were not marked as replayed.`] : []),
  ];
}

/** A command takes effect only on the version that its client expects, and never on another customer's data. */
function notAllowed({ request }: KnownOutcome, event: EventEnvelope, name: string): readonly string[] {
  const { ifMatch, actor } = request;
  const expected = ifMatch === undefined || ifMatch === '*' || ifMatch === `"${event.version - 1}"`;
  const isOwn = actor.customerId === undefined || actor.customerId === customerOfEvent(event);
  return [
    ...(expected ? [] : [`${name} expected version ${ifMatch}, but created version ${event.version}.`]),
    ...(isOwn ? [] : [`${name} of customer ${actor.customerId} changed something of another customer.`]),
  ];
}
