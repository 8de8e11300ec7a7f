/** A client that receives: a reader of one partition in one consumer group, as fast as the client gives credit. */
import type { Sender } from 'rhea';
import { consumerAddress } from './address.ts';
import type { AmqpRefusal } from './amqp-refusal.ts';
import type { Reader } from './consumer-group.ts';
import type { Hubs } from './hub.ts';
import type { PartitionLog } from './partition-log.ts';
import { announce, desiredCapabilities, gatherWrites, roomFor } from './rhea-access.ts';
import { startPosition } from './start-position.ts';
import { delivered } from './stored-event.ts';

const RUNTIME_METRIC = 'com.microsoft:enable-receiver-runtime-metric';
const EPOCH = 'com.microsoft:epoch';
const RECEIVER_NAME = 'com.microsoft:receiver-name';

/**
 * Opens the link of a consumer. To be called while its open event is handled.
 * @throws {AmqpRefusal} when hub, consumer group or partition does not exist, the start position is not understood, or
 * another consumer owns the partition
 */
export function openConsumer(link: Sender, hubs: Hubs): void {
  const address = consumerAddress(link.source.address);
  const hub = hubs.hub(address.hub);
  const log = hub.partition(address.partition);
  const group = hub.consumerGroup(address.group);
  const start = startPosition(link.source, log);
  group.admit(log.id, readerOf(link));
  const tracked = desiredCapabilities(link).includes(RUNTIME_METRIC);
  link.set_source({ address: link.source.address });
  if (tracked) announce(link, { offered_capabilities: [RUNTIME_METRIC] });
  deliver(link, log, { start, tracked });
}

function readerOf(link: Sender): Reader {
  return {
    name: link.properties?.[RECEIVER_NAME] ?? link.name,
    ownerLevel: link.properties?.[EPOCH],
    isOpen: () => link.is_open(),
    end: (refusal: AmqpRefusal) => link.close({ condition: refusal.condition, description: refusal.message }),
  };
}

interface Delivering {
  /** Sequence number of the first event to send. */
  readonly start: number;
  /** Whether each event carries the partition's newest position. */
  readonly tracked: boolean;
}

function deliver(link: Sender, log: PartitionLog, { start, tracked }: Delivering): void {
  let next = start;
  let sent = 0;
  const pump = () => {
    if (!link.is_open()) return stop();
    // What retention dropped meanwhile is gone for this reader too.
    next = Math.max(next, log.firstSequenceNumber);
    gatherWrites(link.connection);
    for (let room = roomFor(link, sent); room > 0; room--) {
      const entry = log.entry(next);
      if (entry === undefined) return;
      link.send(delivered(entry, tracked ? log.newest : undefined), undefined, 0);
      next++;
      sent++;
    }
  };
  const stop = log.onAppend(pump);
  link.on('sender_flow', pump);
  link.on('sendable', pump);
  link.on('sender_close', stop);
}
