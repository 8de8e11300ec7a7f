/** Who reads which partition in one consumer group, and who has to give way to whom. */
import { AmqpRefusal, condition } from './amqp-refusal.ts';

/** The service's limit of readers without an owner level per partition and consumer group. */
const MAX_READERS = 5;

export interface Reader {
  readonly name: string;
  /** Owner level ("epoch"); readers without one share the partition. */
  readonly ownerLevel: number | undefined;
  isOpen(): boolean;
  /** Ends the reader with an error. */
  end(refusal: AmqpRefusal): void;
}

export class ConsumerGroup {
  readonly name: string;
  readonly #readers = new Map<string, readonly Reader[]>();

  constructor(name: string) {
    this.name = name;
  }

  /**
   * Lets a reader in. An owner level that is equal or higher than the others' takes the partition from them.
   * Source: https://learn.microsoft.com/archive/blogs/gyan/event-hubs-receiver-epoch
   * @throws {AmqpRefusal} amqp:link:stolen when a higher owner has the partition, amqp:resource-limit-exceeded when
   * five readers without owner level share it
   */
  admit(partitionId: string, reader: Reader): void {
    const others = (this.#readers.get(partitionId) ?? []).filter((other) => other.isOpen());
    refuseIfOwned(reader, others);
    const staying = reader.ownerLevel === undefined ? others : [];
    if (staying.length >= MAX_READERS) {
      const limit = `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${MAX_READERS}.`;
      throw new AmqpRefusal(condition.resourceLimit, limit);
    }
    this.#readers.set(partitionId, [...staying, reader]);
    for (const other of others) {
      if (!staying.includes(other)) other.end(stolenBy(reader, other));
    }
  }
}

function refuseIfOwned(reader: Reader, others: readonly Reader[]): void {
  const owner = others.find(({ ownerLevel }) => ownerLevel !== undefined && ownerLevel > (reader.ownerLevel ?? -1));
  if (owner === undefined) return;
  throw new AmqpRefusal(
    condition.stolen,
    `At least one receiver for the endpoint is created with epoch of '${owner.ownerLevel}', and so '${reader.name}' ` +
      `${reader.ownerLevel === undefined ? 'without epoch' : `with epoch '${reader.ownerLevel}'`} is not allowed.`,
  );
}

function stolenBy(reader: Reader, other: Reader): AmqpRefusal {
  return new AmqpRefusal(
    condition.stolen,
    `New receiver '${reader.name}' with epoch of '${reader.ownerLevel}' is created hence current receiver ` +
      `'${other.name}' with epoch '${other.ownerLevel ?? 'none'}' is getting disconnected.`,
  );
}
