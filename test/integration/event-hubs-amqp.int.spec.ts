/** What the SDK for JavaScript does not do itself, but other clients may: seen over plain AMQP 1.0. */
import { once } from 'node:events';
import { earliestEventPosition } from '@azure/event-hubs';
import rhea, { type Message } from 'rhea';
import { describe, expect, it } from 'vitest';
import { askCbs, authorized, connect, openSender, PUT_TOKEN, reader, sasToken } from './event-hubs-amqp-client.ts';
import { bodies, consumerFor, HUB, numbered, producerFor, receive, startHub } from './event-hubs-clients.ts';

const BATCH_FORMAT = 0x80013700;

describe('Event Hubs over AMQP: access', () => {
  it('accepts the SASL mechanism MSSBCBS', async () => {
    const start = (callback: (error: undefined, response: Buffer) => void) => callback(undefined, Buffer.alloc(0));
    const connection = connect(await startHub(), { sasl_mechanisms: { MSSBCBS: { start } } });
    await once(connection, 'connection_open');
    expect(connection.is_open()).toBe(true);
  });

  it('refuses a link on a connection that has put no token', async () => {
    const sender = connect(await startHub()).open_sender(HUB);
    await once(sender, 'sender_error');
    expect(sender.error).toMatchObject({ condition: 'amqp:unauthorized-access' });
  });

  it.each([
    ['another key has signed', sasToken({ key: 'guess' })],
    ['names another policy', sasToken({ name: 'other' })],
    ['has expired', sasToken({ lifetime: -1 })],
    ['is no SAS token', 'token'],
  ])('refuses a token that %s, and the links after it', async (_, body) => {
    const connection = connect(await startHub());
    const reply = await askCbs(connection, PUT_TOKEN, { body });
    expect(reply.application_properties).toMatchObject({
      'status-code': 401,
      'error-condition': 'amqp:unauthorized-access',
    });
    const sender = connection.open_sender(HUB);
    await once(sender, 'sender_error');
    expect(sender.error).toMatchObject({ condition: 'amqp:unauthorized-access' });
  });

  it('answers a $cbs operation it does not know with 501', async () => {
    const reply = await askCbs(connect(await startHub()), { ...PUT_TOKEN, operation: 'delete-token' });
    expect(reply.application_properties).toMatchObject({ 'status-code': 501 });
  });
});

describe('Event Hubs over AMQP: sending', () => {
  it('takes a single event that is no batch', async () => {
    const server = await startHub();
    const sender = await openSender(server, HUB);
    sender.send({ body: rhea.message.data_section(Buffer.from('one')), application_properties: { n: 1 } });
    await once(sender, 'accepted');
    expect(server.events(HUB)).toMatchObject([{ body: Buffer.from('one'), properties: { n: 1 } }]);
  });

  it('stores an event once that an idempotent producer sends again', async () => {
    const server = await startHub();
    const sender = await openSender(server, `${HUB}/Partitions/0`);
    for (const sequence of [1, 2, 2, 3]) {
      sender.send(numberedBy('com.microsoft:producer', sequence));
      await once(sender, 'accepted');
    }
    expect(server.events(HUB).map(({ body }) => String(body))).toEqual(['1', '2', '3']);
  });

  it('rejects a batch whose sections are no events', async () => {
    const sender = await openSender(await startHub(), HUB);
    const batch = rhea.message.encode({ body: rhea.message.data_sections([Buffer.from('not an event')]) });
    sender.send(batch, undefined, BATCH_FORMAT);
    const [{ delivery }] = await once(sender, 'rejected');
    expect(delivery.remote_state.error).toMatchObject({ condition: 'amqp:decode-error' });
  });
});

describe('Event Hubs over AMQP: receiving', () => {
  it('starts at a time', async () => {
    const server = await startHub({ partitions: 1 });
    await producerFor(server).sendBatch(numbered(1));
    const at = server.events(HUB)[0]?.enqueuedTime.getTime();
    const receiver = (await authorized(server)).open_receiver(reader(`amqp.annotation.x-opt-enqueued-time >= '${at}'`));
    const [{ message }] = await once(receiver, 'message');
    expect(String(message.body.content)).toBe('0');
  });

  it('refuses a start position that it does not understand', async () => {
    const receiver = (await authorized(await startHub())).open_receiver(reader('amqp.annotation.x-opt-color > 3'));
    await once(receiver, 'receiver_error');
    expect(receiver.error).toMatchObject({ condition: 'com.microsoft:argument-error' });
  });

  it('lets a lower owner level in when the connection of the owner was dropped', async () => {
    const server = await startHub({ partitions: 1 });
    const owner = (await authorized(server)).open_receiver({
      ...reader("amqp.annotation.x-opt-offset > '-1'"),
      properties: { 'com.microsoft:epoch': rhea.types.wrap_long(5) },
    });
    await once(owner, 'receiver_open');
    server.dropConnections();
    await producerFor(server).sendBatch(numbered(1));
    const options = { partitionId: '0', ownerLevel: 1, startPosition: earliestEventPosition };
    expect(bodies(await receive(consumerFor(server), options))).toEqual([0]);
  });
});

function numberedBy(producer: string, sequence: number): Message {
  return {
    body: rhea.message.data_section(Buffer.from(String(sequence))),
    message_annotations: {
      [`${producer}-id`]: rhea.types.wrap_long(7),
      [`${producer}-sequence-number`]: rhea.types.wrap_int(sequence),
    },
  };
}
