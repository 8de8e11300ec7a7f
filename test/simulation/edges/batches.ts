/** Bytes of a batch: https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas (publication size, Standard). */
const MAX_BATCH_BYTES = 1_048_576;
/** Bytes that an event takes in addition to its body: its id, its type of content, its partition key, and AMQP's own. */
const OVERHEAD_BYTES = 512;

/** An event that fits into no batch. The message is the SDK's own. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';

  constructor() {
    super('Placeholder for max message size exceeded');
  }
}

/** Takes as many events from the start of a buffer as fit into a batch: at least one. */
export function takeBatch<Sent extends { readonly body: Buffer }>(buffer: Sent[]): readonly Sent[] {
  let bytes = 0;
  const end = buffer.findIndex(({ body }) => {
    bytes += body.length + OVERHEAD_BYTES;
    return bytes > MAX_BATCH_BYTES;
  });
  return buffer.splice(0, end === -1 ? buffer.length : Math.max(end, 1));
}

/** Throws `TooLarge` unless the events fit into a batch. */
export function requireFit(batch: readonly { readonly body: Buffer }[]): void {
  if (batch.reduce((bytes, { body }) => bytes + body.length + OVERHEAD_BYTES, 0) > MAX_BATCH_BYTES)
    throw new TooLarge();
}
