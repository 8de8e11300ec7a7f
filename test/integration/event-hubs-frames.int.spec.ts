/** What depends on the order of single frames, which no client library of JavaScript lets a test choose. */
import rhea from 'rhea';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventHubsServer } from '../../local/event-hubs/server.ts';
import { type Performative, RawAmqp, SESSION, source, target } from '../support/system/raw-amqp.ts';
import { HUB, numbered, producerFor, startHub } from './event-hubs-clients.ts';

const PARTITION = `${HUB}/ConsumerGroups/$Default/Partitions/0`;
const BACKLOG = 220;

describe('Event Hubs frame by frame: readers', () => {
  it('attaches every reader of a backlog before it delivers, when attach and credit come together', async () => {
    const server = await hubWith(BACKLOG);
    for (let reader = 0; reader < 10; reader++) {
      const client = await open(server);
      client.write(['begin', SESSION]);
      client.write(attachReader(0), credit(0, 300));
      await client.until('transfer', BACKLOG);
      const order = client.frames.map(({ name }) => name).filter((name) => name === 'attach' || name === 'transfer');
      expect(order.indexOf('attach')).toBe(0);
      client.close();
    }
  });

  it('delivers to a client that sends begin, attach and flow before any reply', async () => {
    const client = await open(await hubWith(3));
    client.write(['begin', SESSION], attachReader(0), credit(0, 10));
    expect(await client.until('transfer', 3)).toHaveLength(3);
  });

  it.each([
    { name: 'unsettled to a client that asks for nothing', mode: undefined, settled: false },
    { name: 'unsettled to a client that asks for that', mode: 0, settled: false },
    { name: 'settled to a client that asks for that', mode: 1, settled: true },
  ])('delivers $name', async ({ mode, settled }) => {
    const client = await open(await hubWith(1));
    client.write(['begin', SESSION], attachReader(0, { snd_settle_mode: mode }), credit(0, 10));
    const [transfer] = await client.until('transfer');
    expect(transfer?.fields.settled).toBe(settled);
  });

  it('stops delivering over a link that lost its partition while the window was closed', async () => {
    const server = await hubWith(20);
    const [owner, thief] = [await open(server), await open(server)];
    owner.write(['begin', { ...SESSION, incoming_window: 5 }], attachReader(0, { properties: epoch(1) }));
    owner.write(credit(0, 100, { incoming_window: 5 }));
    await owner.until('transfer', 5);
    thief.write(['begin', SESSION], attachReader(0, { properties: epoch(2) }));
    const [detach] = await owner.until('detach');
    owner.write(['flow', { ...SESSION, next_incoming_id: 5 }]);
    owner.write(...attachProducer(1, 'later')); // answered after whatever the flow frame brings
    await owner.until('attach', 2);
    expect({
      error: detach?.fields.error,
      transfers: owner.frames.filter(({ name }) => name === 'transfer').length,
    }).toMatchObject({ error: { condition: 'amqp:link:stolen' }, transfers: 5 });
  });

  it('resumes when a full session window opens again', async () => {
    const client = await open(await hubWith(20));
    client.write(['begin', { ...SESSION, incoming_window: 5 }], attachReader(0));
    client.write(credit(0, 100, { incoming_window: 5 }));
    await client.until('transfer', 5);
    client.write(['flow', { ...SESSION, next_incoming_id: 5 }]);
    expect(await client.until('transfer', 20)).toHaveLength(20);
  });

  it('delivers over one link while another of the session has lost its credit', async () => {
    const client = await open(await hubWith(20));
    client.write(['begin', SESSION], attachReader(0), credit(0, 2));
    await client.until('transfer', 2);
    client.write(credit(0, 0, { delivery_count: 2, next_incoming_id: 2 }), attachReader(1), credit(1, 20));
    expect(await client.until('transfer', 22)).toHaveLength(22);
  });

  it('returns the credit that a client drains', async () => {
    const client = await open(await hubWith(3));
    client.write(['begin', SESSION], attachReader(0), credit(0, 10, { drain: true }));
    const flow = (await client.until('flow')).find(({ fields }) => fields.handle === 0);
    expect(flow?.fields).toMatchObject({ delivery_count: 10, link_credit: 0, drain: true });
  });
});

describe('Event Hubs frame by frame: links and sessions', () => {
  it('keeps two links with the same name and opposite directions apart', async () => {
    const client = await open(await hubWith(1));
    client.write(['begin', SESSION], ...attachProducer(0, 'same'), attachReader(1, { name: 'same' }), credit(1, 10));
    await client.until('transfer');
    expect((await client.until('attach', 2)).map(({ fields }) => fields.role)).toEqual([true, false]);
  });

  it('reopens a link whose detach arrives in the same packet', async () => {
    const client = await open(await hubWith(1));
    const detach: Performative = ['detach', { handle: 0, closed: true }];
    client.write(['begin', SESSION], attachReader(0));
    client.write(detach, attachReader(0), credit(0, 1));
    await client.until('transfer');
    expect(await client.until('attach', 2)).toHaveLength(2);
  });

  it('keeps the connection of a client that settles events after ending their session', async () => {
    const client = await open(await hubWith(1));
    client.write(['begin', SESSION], attachReader(0), credit(0, 1));
    await client.until('transfer');
    client.write(['end', {}]);
    await client.until('end');
    client.write(['disposition', { role: true, first: 0, settled: true }]);
    client.write(['begin', SESSION], attachReader(0), credit(0, 1));
    expect(await client.until('transfer', 2)).toHaveLength(2);
  });

  it('confirms pre-settled delivery to a sender of requests that asked for it', async () => {
    const client = await open(await hubWith(0));
    const requests = { ...link(0, 'requests', false), target: target('$cbs'), snd_settle_mode: 1 };
    client.write(['begin', SESSION], ['attach', { ...requests, initial_delivery_count: 0 }]);
    const [attach] = await client.until('attach');
    expect(attach?.fields.snd_settle_mode).toBe(1);
  });

  it('delivers the bytes of a single event untouched, with types that JavaScript lacks', async () => {
    const server = await hubWith(0);
    const client = await open(server);
    const event = typedMessage();
    client.write(['begin', SESSION], ...attachProducer(0, 'sender'), attachReader(1), credit(1, 1));
    await client.until('flow');
    client.write(['transfer', { handle: 0, delivery_id: 0, delivery_tag: Buffer.from('0') }, event.whole]);
    const [delivered] = await client.until('transfer');
    expect(delivered?.payload?.subarray(-event.bare.length)).toEqual(event.bare);
    expect(delivered?.payload?.includes(event.annotation)).toBe(true);
  });
});

async function open(server: EventHubsServer): Promise<RawAmqp> {
  const client = await RawAmqp.connect(server.port);
  onTestFinished(() => client.close());
  return client;
}

async function hubWith(events: number): Promise<EventHubsServer> {
  const server = await startHub({ partitions: 1 });
  if (events > 0) await producerFor(server).sendBatch(numbered(events));
  return server;
}

function link(handle: number, name: string, isReceiver: boolean) {
  return { handle, name, role: isReceiver };
}

function attachReader(handle: number, fields: Readonly<Record<string, unknown>> = {}): Performative {
  return ['attach', { ...link(handle, `reader-${handle}`, true), source: source(PARTITION), ...fields }];
}

function attachProducer(handle: number, name: string): [Performative] {
  return [['attach', { ...link(handle, name, false), initial_delivery_count: 0, target: target(HUB) }]];
}

function credit(handle: number, link_credit: number, fields: Readonly<Record<string, unknown>> = {}): Performative {
  return ['flow', { ...SESSION, next_incoming_id: 0, handle, delivery_count: 0, link_credit, ...fields }];
}

function epoch(level: number) {
  return { 'com.microsoft:epoch': rhea.types.wrap_long(level) };
}

/** A message with a uuid, a float and a 16-bit annotation; the header, which rhea always writes, has four bytes. */
function typedMessage() {
  const { wrap_uuid, wrap_float, wrap_short } = rhea.types;
  const content = {
    application_properties: { id: wrap_uuid(Buffer.alloc(16, 7)), ratio: wrap_float(1.5) },
    body: rhea.message.data_section(Buffer.from('body')),
  };
  const annotations = { 'x-opt-own': wrap_short(7) };
  return {
    whole: rhea.message.encode({ ...content, message_annotations: annotations }),
    bare: rhea.message.encode(content).subarray(4),
    annotation: Buffer.concat([Buffer.from('x-opt-own'), Buffer.from([0x61, 0, 7])]),
  };
}
