/** The nodes a link can be attached to, by their addresses (https://azure.github.io/amqpnetlite/articles/azure_eventhubs.html). */
import { entityNotFound } from './amqp-refusal.ts';

export type ProducerAddress = { readonly hub: string; readonly partition: string | undefined };
export type ConsumerAddress = { readonly hub: string; readonly group: string; readonly partition: string };

const PRODUCER = /^([^/]+)(?:\/Partitions\/([^/]+))?$/i;
const CONSUMER = /^([^/]+)\/ConsumerGroups\/([^/]+)\/Partitions\/([^/]+)$/i;

/**
 * @param address `name`, `/name` (the client for .NET) or `amqp://host:port/name`
 * @returns the path without leading or trailing slashes; empty if there is no address
 */
export function nodePath(address: string | null | undefined): string {
  return (address ?? '').replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\/+|\/+$/g, '');
}

/**
 * @param address `<hub>` or `<hub>/Partitions/<id>`
 * @throws {AmqpRefusal} amqp:not-found
 */
export function producerAddress(address: string | null | undefined): ProducerAddress {
  const [, hub, partition] = PRODUCER.exec(nodePath(address)) ?? [];
  if (hub === undefined) throw entityNotFound(address ?? '');
  return { hub, partition };
}

/**
 * @param address `<hub>/ConsumerGroups/<group>/Partitions/<id>`
 * @throws {AmqpRefusal} amqp:not-found
 */
export function consumerAddress(address: string | null | undefined): ConsumerAddress {
  const [, hub, group, partition] = CONSUMER.exec(nodePath(address)) ?? [];
  if (hub === undefined || group === undefined || partition === undefined) throw entityNotFound(address ?? '');
  return { hub, group, partition };
}
