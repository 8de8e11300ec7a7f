/** The nodes a link can be attached to, by their addresses (https://azure.github.io/amqpnetlite/articles/azure_eventhubs.html). */
import { entityNotFound } from './amqp-refusal.ts';

export type ProducerAddress = { readonly hub: string; readonly partition: string | undefined };
export type ConsumerAddress = { readonly hub: string; readonly group: string; readonly partition: string };

const PRODUCER = /^([^/]+)(?:\/Partitions\/([^/]+))?$/i;
const CONSUMER = /^([^/]+)\/ConsumerGroups\/([^/]+)\/Partitions\/([^/]+)$/i;

/**
 * @param address `<hub>` or `<hub>/Partitions/<id>`
 * @throws {AmqpRefusal} amqp:not-found
 */
export function producerAddress(address: string): ProducerAddress {
  const [, hub, partition] = PRODUCER.exec(address) ?? [];
  if (hub === undefined) throw entityNotFound(address);
  return { hub, partition };
}

/**
 * @param address `<hub>/ConsumerGroups/<group>/Partitions/<id>`
 * @throws {AmqpRefusal} amqp:not-found
 */
export function consumerAddress(address: string): ConsumerAddress {
  const [, hub, group, partition] = CONSUMER.exec(address) ?? [];
  if (hub === undefined || group === undefined || partition === undefined) throw entityNotFound(address);
  return { hub, group, partition };
}
