/** A client that sends: what comes in over its link is appended to the hub and acknowledged. */

import type { EventContext, Receiver } from 'rhea';
import { producerAddress } from './address.ts';
import { AmqpRefusal, condition } from './amqp-refusal.ts';
import type { Hubs } from './hub.ts';
import { producerIdentity } from './idempotent-producer.ts';
import { readEvents } from './message-batch.ts';
import { announce, gatherWrites, settleMode } from './rhea-access.ts';

/** Bytes; the limit of the Standard and Premium tiers. */
export const MAX_MESSAGE_SIZE = 1_048_576;

/**
 * Opens the link of a producer. To be called while its open event is handled.
 * @throws {AmqpRefusal} when the hub or partition does not exist
 */
export function openProducer(link: Receiver, hubs: Hubs): void {
  const address = producerAddress(link.target?.address);
  const hub = hubs.hub(address.hub);
  const partition = address.partition === undefined ? undefined : hub.partition(address.partition);
  link.set_source({ address: link.source?.address });
  link.set_target({ address: link.target.address });
  announce(link, { ...producerIdentity(link), snd_settle_mode: link.snd_settle_mode ?? settleMode.mixed });
  link.on('message', (context: EventContext) => {
    settle(context, (payload, format, onKept) => hub.append(readEvents(payload, format), partition, onKept));
  });
}

type Append = (payload: Buffer, format: number, onKept: () => void) => void;

/** Accepts a message when its events have been committed. */
function settle({ connection, message, delivery }: EventContext, append: Append): void {
  if (delivery === undefined) return;
  try {
    if (!Buffer.isBuffer(message)) throw new TypeError('The message was decoded.');
    refuseTooLarge(message, delivery.id);
    append(message, delivery.format, () => {
      gatherWrites(connection);
      delivery.accept();
    });
  } catch (error) {
    if (!(error instanceof AmqpRefusal)) throw error;
    delivery.reject({ condition: error.condition, description: error.message });
  }
}

/** The delivery is rejected, the link stays: the SDK waits for a timeout when a link ends under a pending send. */
function refuseTooLarge(payload: Buffer, deliveryId: number): void {
  if (payload.length <= MAX_MESSAGE_SIZE) return;
  throw new AmqpRefusal(
    condition.tooLarge,
    `The received message (delivery-id:${deliveryId}, size:${payload.length} bytes) exceeds the limit ` +
      `(${MAX_MESSAGE_SIZE} bytes) currently allowed on the link.`,
  );
}
