/** A client that receives: a reader of one partition in one consumer group, as fast as the client gives credit. */
import type { Sender } from 'rhea';
import { consumerAddress } from './address.ts';
import type { AmqpRefusal } from './amqp-refusal.ts';
import type { Reader } from './consumer-group.ts';
import type { Hubs } from './hub.ts';
import { LinkOutput } from './link-output.ts';
import type { PartitionLog } from './partition-log.ts';
import { announce, desiredCapabilities, gatherWrites, settleMode } from './rhea-access.ts';
import { SESSION_FLOW } from './rhea-sessions.ts';
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
  const address = consumerAddress(link.source?.address);
  const hub = hubs.hub(address.hub);
  const log = hub.partition(address.partition);
  const group = hub.consumerGroup(address.group);
  const start = startPosition(link.source, log);
  group.admit(log.id, readerOf(link));
  const tracked = desiredCapabilities(link).includes(RUNTIME_METRIC);
  link.set_source({ address: link.source.address });
  link.set_target({ address: link.target?.address });
  announce(link, {
    // Settled only if the client asks for it. Other clients may want to accept what they receive.
    snd_settle_mode: link.snd_settle_mode === settleMode.settled ? settleMode.settled : settleMode.unsettled,
    ...(tracked && { offered_capabilities: [RUNTIME_METRIC] }),
  });
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
  const output = new LinkOutput(link);
  let next = start;
  const sendNext = (): boolean => {
    if (output.credit <= 0) return false;
    const entry = log.entry(next);
    if (entry === undefined) {
      output.drain();
      return false;
    }
    const message = delivered(entry, tracked ? log.newest : undefined);
    if (!output.takes(message.length)) return false;
    output.send(message);
    next++;
    return true;
  };
  const pump = () => {
    if (!link.is_open()) return stop();
    // What retention dropped meanwhile is gone for this reader too.
    next = Math.max(next, log.firstSequenceNumber);
    gatherWrites(link.connection);
    while (sendNext());
  };
  let stopWaiting = () => {};
  // In the next turn: if attach and flow arrive together, rhea would write the messages before its own attach.
  const starting = setImmediate(() => {
    stopWaiting = log.onAppend(pump);
    link.on('sendable', pump);
    link.session.on(SESSION_FLOW, pump);
    pump();
  });
  const stop = () => {
    clearImmediate(starting);
    stopWaiting();
    link.session.off(SESSION_FLOW, pump);
    output.settleAll();
  };
  link.on('sender_close', stop);
}
