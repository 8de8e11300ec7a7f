import { counter, gauge, histogram } from './instruments.ts';

/** Commands handled, by `command` and `outcome` (accepted, replayed, or the problem code). */
export const commandCount = counter('cqrs.commands', { description: 'Commands handled' });

/** Commands that were sent again and got their first response, by `command`. */
export const idempotentReplayCount = counter('cqrs.idempotent_replays', {
  description: 'Commands answered with a stored response',
});

/** Requests that were refused (4xx), by `operation` and `code` of the problem. */
export const refusalCount = counter('cqrs.refusals', { description: 'Requests refused' });

/**
 * Retries, by `component` and `reason`: a command that lost a race, a call to a database after a transient fault, a
 * projection whose documents have changed, an event that the relay sends.
 */
export const retryCount = counter('cqrs.retries', { description: 'Retries' });

/** Time from the dispatch of a command to its result, by `command` and `outcome`. */
export const commandDuration = histogram('cqrs.command_duration');

/** Duration of a query, by `query` and `status`. */
export const queryDuration = histogram('cqrs.query_duration');

/** Time from a live event's timestamp until its document is written, by `read_model`. Rebuilt and old events do not count. */
export const syncLag = histogram('cqrs.sync_lag');

/** Events that a projection could not handle, by `read_model` and `reason` (without details). */
export const deadLetterCount = counter('cqrs.dead_letters', {
  description: 'Events written to dead letters',
});

/** Waiting dead letters, by `read_model` and `reason` (without details). */
export const waitingDeadLetters = gauge('cqrs.dead_letters_waiting', { description: 'Waiting dead letters' });

/** Skipped events of unknown type, by `read_model` and `event_type`. */
export const skippedCount = counter('cqrs.skipped_events', { description: 'Events of unknown type' });

/** Batches of events that failed and are retried, by `consumer` (a read model, `push` or `webhooks`) and `partition`. */
export const failedBatchCount = counter('cqrs.failed_batches', { description: 'Batches that failed and are retried' });

/** Changes of orders that were pushed to clients. */
export const pushedCount = counter('cqrs.pushed_changes', { description: 'Changes pushed to clients' });

/** Age of the oldest event that is not in a read model, by `read_model` and `partition`. */
export const readModelFreshness = gauge('cqrs.read_model_freshness');

/** Events that a replay has rebuilt, by `read_model`, which may be `all`. */
export const replayDone = gauge('cqrs.replay_done', { description: 'Events rebuilt by a replay' });

/** Events to rebuild in total, by `read_model`. */
export const replayTotal = gauge('cqrs.replay_total', { description: 'Events to rebuild by a replay' });

/** Runs of a replay that failed and are retried, by `read_model`. */
export const failedReplayRunCount = counter('cqrs.replay_failed_runs', { description: 'Runs of replays that failed' });

/** Age of the newest state of the write database that its replica is known to have. Recorded where a replica is set. */
export const replicaLag = gauge('cqrs.replica_lag');

/** Reads that a replica could answer, by `outcome`: answered, behind (the primary answered instead) or away (likewise). */
export const replicaReadCount = counter('cqrs.replica_reads', { description: 'Reads that a replica could answer' });

/** Age of the oldest event that is committed but not published, not counting those of `cqrs.outbox_held`. */
export const outboxAge = gauge('cqrs.outbox_age');

/** Events in the outbox: committed and not published, with those of `cqrs.outbox_held`. Counted up to 10,000. */
export const outboxSize = gauge('cqrs.outbox_size', { description: 'Events committed and not published' });

/** Events in the outbox that are set aside because the hub refuses them, and the later versions that wait for them. */
export const outboxHeld = gauge('cqrs.outbox_held', { description: 'Events set aside, and those that wait for them' });

/** Events that were set aside because the hub refused them too often, by `aggregate_type`. */
export const setAsideCount = counter('cqrs.events_set_aside', { description: 'Events that the hub refuses' });

/** How long the oldest unconfirmed order had been due to expire when the last run began; 0 when none was due. */
export const expiryOverdue = gauge('cqrs.expiry_overdue', {
  unit: 'ms',
  description: 'Time since the oldest unconfirmed order was due',
});

/** Attempts to deliver a message to a partner, by `webhook` and `outcome` (delivered, failed, or dead-lettered after the last one). */
export const webhookDeliveryCount = counter('cqrs.webhook_deliveries', { description: 'Attempts to deliver messages' });

/** Messages that wait for delivery, by `webhook`. */
export const webhooksPending = gauge('cqrs.webhooks_pending', { description: 'Messages that wait for delivery' });

/** Records that Azure AI Search lacks, or has in an older state, by `list`; at least 1 while an index cannot be built. */
export const searchPending = gauge('cqrs.search_pending', { description: 'Records to be indexed' });

/** Age of the oldest captured file whose events are not in the tables of the lake; 0 when there is none. */
export const lakeBehind = gauge('cqrs.lake_behind');

/** Captured events that cannot be decoded. They are not in the tables of the lake. */
export const undecodableInLakeCount = counter('cqrs.lake_undecodable', {
  description: 'Captured events that cannot be decoded',
});
