import { type Attributes, type Meter, type MeterProvider, type MetricOptions, metrics } from '@opentelemetry/api';

/**
 * The OpenTelemetry API has no proxy meter provider: an instrument that is created before the SDK starts stays a no-op. So each
 * instrument is created again when the provider has changed.
 */
function withCurrentProvider<Instrument>(create: (meter: Meter) => Instrument): () => Instrument {
  let current: { readonly provider: MeterProvider; readonly instrument: Instrument } | undefined;
  return () => {
    const provider = metrics.getMeterProvider();
    if (current?.provider !== provider) current = { provider, instrument: create(provider.getMeter('orders')) };
    return current.instrument;
  };
}

function counter(name: string, options: MetricOptions) {
  const current = withCurrentProvider((meter) => meter.createCounter(name, options));
  return { add: (value: number, attributes: Attributes) => current().add(value, attributes) };
}

function histogram(name: string) {
  const current = withCurrentProvider((meter) => meter.createHistogram(name, { unit: 'ms' }));
  return { record: (value: number, attributes: Attributes) => current().record(value, attributes) };
}

function gauge(name: string, options: MetricOptions = { unit: 'ms' }) {
  const current = withCurrentProvider((meter) => meter.createGauge(name, options));
  return { record: (value: number, attributes: Attributes = {}) => current().record(value, attributes) };
}

/** Commands handled, by `command` and `outcome` (accepted, replayed, or the problem code). */
export const commandCount = counter('cqrs.commands', { description: 'Commands handled' });

/** Time from the dispatch of a command to its result. */
export const commandDuration = histogram('cqrs.command_duration');

/** Duration of a query, by `query` and `status`. */
export const queryDuration = histogram('cqrs.query_duration');

/** Time from a live event's timestamp until its document is written, by `read_model`. Rebuilt and old events do not count. */
export const syncLag = histogram('cqrs.sync_lag');

/** Events that a projection could not handle, by `read_model` and `reason` (without details). */
export const deadLetterCount = counter('cqrs.dead_letters', {
  description: 'Events written to dead letters',
});

/** Skipped events of unknown type, by `read_model` and `event_type`. */
export const skippedCount = counter('cqrs.skipped_events', { description: 'Events of unknown type' });

/** Batches of events that failed and are retried, by `consumer` (a read model, or `push`) and `partition`. */
export const failedBatchCount = counter('cqrs.failed_batches', { description: 'Batches that failed and are retried' });

/** Changes of orders that were pushed to clients. */
export const pushedCount = counter('cqrs.pushed_changes', { description: 'Changes pushed to clients' });

/** Age of the oldest event that is not in a read model, by `read_model` and `partition`. */
export const readModelFreshness = gauge('cqrs.read_model_freshness');

/** Age of the oldest event that is committed but not published, not counting those of `cqrs.outbox_held`. */
export const outboxAge = gauge('cqrs.outbox_age');

/** Events in the outbox that are set aside because the hub refuses them, and the later versions that wait for them. */
export const outboxHeld = gauge('cqrs.outbox_held', { description: 'Events set aside, and those that wait for them' });

/** Events that were set aside because the hub refused them too often, by `aggregate_type`. */
export const setAsideCount = counter('cqrs.events_set_aside', { description: 'Events that the hub refuses' });

/** How long the oldest unconfirmed order had been due to expire when the last run began; 0 when none was due. */
export const expiryOverdue = gauge('cqrs.expiry_overdue');
