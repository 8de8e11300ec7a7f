/** `$management`: READ of a hub and of a partition (source: `managementClient` of `@azure/event-hubs`). */

import rhea from 'rhea';
import { AmqpRefusal, condition } from './amqp-refusal.ts';
import type { EventHub, Hubs } from './hub.ts';
import type { Reply, Request } from './request-response.ts';

export const MANAGEMENT_NODE = '$management';

const STRING_TYPE_CODE = 0xa1;

/** @throws {AmqpRefusal} as a reply when hub, partition or operation does not exist */
export function answerManagement({ application_properties: properties }: Request, hubs: Hubs): Reply {
  const { operation, type, name, partition } = properties ?? {};
  if (operation === 'READ' && type === 'com.microsoft:eventhub') return ok(hubInfo(hubs.hub(String(name))));
  if (operation === 'READ' && type === 'com.microsoft:partition') {
    return ok(partitionInfo(hubs.hub(String(name)), String(partition)));
  }
  throw new AmqpRefusal(condition.notImplemented, `The operation ${operation} on ${type} is not supported.`);
}

function ok(body: NonNullable<Reply['body']>): Reply {
  return { status: 200, description: 'OK', body };
}

function hubInfo(hub: EventHub): NonNullable<Reply['body']> {
  const ids = hub.partitions.map(({ id }) => id);
  return {
    name: hub.name,
    type: 'com.microsoft:eventhub',
    created_at: hub.createdAt,
    partition_count: rhea.types.wrap_int(ids.length),
    partition_ids: rhea.types.wrap_array(ids, STRING_TYPE_CODE, undefined),
  };
}

function partitionInfo(hub: EventHub, partitionId: string): NonNullable<Reply['body']> {
  const { id, firstSequenceNumber, newest, isEmpty } = hub.partition(partitionId);
  return {
    name: hub.name,
    type: 'com.microsoft:partition',
    partition: id,
    begin_sequence_number: rhea.types.wrap_long(firstSequenceNumber),
    last_enqueued_sequence_number: rhea.types.wrap_long(newest.sequenceNumber),
    last_enqueued_offset: newest.offset,
    last_enqueued_time_utc: new Date(newest.enqueuedAt),
    is_partition_empty: isEmpty,
  };
}
