import { EventEmitter } from 'node:events';
import { Connection, Receiver } from 'rhea-promise';
import { beforeAll, expect, it } from 'vitest';
import { applyAmqpWorkarounds } from '../../../src/shared/event-hubs/amqp-workarounds.ts';

beforeAll(applyAmqpWorkarounds);

/** A link whose other side has answered with this source, or not at all. */
const linkWith = (source: { readonly address: string } | undefined): Receiver =>
  Object.create(Receiver.prototype, { source: { value: source } });

it('let the Event Hubs SDK read the address of a link without a source, and do not change other addresses', () => {
  expect(linkWith(undefined).address).toBeUndefined();
  expect(linkWith({ address: '$management' }).address).toBe('$management');
});

/** A connection that is not open, and rhea's part of it, whose errors it passes on. */
function newConnection() {
  const connection = new Connection({ host: '127.0.0.1', port: 5672, transport: 'tcp', reconnect: false });
  const rhea: unknown = Reflect.get(connection, '_connection');
  if (!(rhea instanceof EventEmitter)) throw new Error('rhea-promise has changed.');
  return { connection, fail: () => rhea.emit('error', { error: new TypeError('reset') }) };
}

it('ignore the error of a connection that the SDK no longer listens to, and report those of others', () => {
  const { connection, fail } = newConnection();
  const errors: unknown[] = [];
  const listener = (context: unknown) => errors.push(context);
  connection.addListener('error', listener);
  fail();
  expect(errors).toHaveLength(1);
  connection.removeListener('error', listener);
  fail();
  expect(errors).toHaveLength(1);
});
