import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('orders');

/** Commands handled, by `command` and `outcome` (accepted, replayed, or the problem's code). */
export const commandCount = meter.createCounter('cqrs.commands', { description: 'Commands handled' });

/** Time from a command's dispatch to its answer. */
export const commandDuration = meter.createHistogram('cqrs.command_duration', { unit: 'ms' });

/** Time to answer a query, by `query` and `status`. */
export const queryDuration = meter.createHistogram('cqrs.query_duration', { unit: 'ms' });

/** Time from an event's timestamp to its document written, by `read_model`. */
export const syncLag = meter.createHistogram('cqrs.sync_lag', { unit: 'ms' });

/** Events that no projection can handle, by `read_model` and `reason`. */
export const deadLetterCount = meter.createCounter('cqrs.dead_letters', {
  description: 'Events written to dead letters',
});

/** Events of a type that a projection does not know, by `read_model`: passed over. */
export const skippedCount = meter.createCounter('cqrs.skipped_events', { description: 'Events of unknown type' });

/** Age of the oldest event that is committed but not published. */
export const outboxAge = meter.createGauge('cqrs.outbox_age', { unit: 'ms' });
