/** Orders and spellings of clients other than the SDK for JavaScript: of .NET (the Azure Functions host) and of Qpid Proton. */
import { once } from 'node:events';
import rhea, { type Connection, type Message } from 'rhea';
import { describe, expect, it } from 'vitest';
import type { EventHubsServer } from '../../local/event-hubs/server.ts';
import { ask, askCbs, connect, POLICY, PUT_TOKEN, reader, sasToken } from './event-hubs-amqp-client.ts';
import { HUB, numbered, producerFor, startHub } from './event-hubs-clients.ts';

/** The client for .NET opens `$management` before it puts a token, and sends one in each request. */
const READ_HUB = { operation: 'READ', type: 'com.microsoft:eventhub', name: HUB, security_token: sasToken() };
const PARTITION = `${HUB}/ConsumerGroups/$Default/Partitions/0`;

describe('Event Hubs for other clients: signing in', () => {
  it('accepts events from a client that signs in with a policy and its key by SASL PLAIN', async () => {
    const server = await startHub();
    await sendOne(connect(server, POLICY), HUB);
    expect(server.events(HUB)).toHaveLength(1);
  });

  it.each([
    ['without a key', '\0local\0'],
    ['with another key', '\0local\0guess'],
    ['with another policy', '\0other\0local'],
  ])('refuses SASL PLAIN %s', async (_, response) => {
    const start = (callback: (error: undefined, response: Buffer) => void) =>
      callback(undefined, Buffer.from(response));
    const connection = connect(await startHub(), { sasl_mechanisms: { PLAIN: { start } } });
    const [{ error }] = await once(connection, 'connection_error');
    expect(error).toMatchObject({ condition: 'amqp:unauthorized-access' });
  });

  it.each([`amqps://localhost/${HUB}`, `sb://localhost:5672/${HUB}/Partitions/0`, HUB])(
    'accepts a token for the audience %s',
    async (name) => {
      const server = await startHub();
      const connection = connect(server);
      await askCbs(connection, { ...PUT_TOKEN, name });
      await sendOne(connection, HUB);
      expect(server.events(HUB)).toHaveLength(1);
    },
  );
});

describe('Event Hubs for other clients: $management', () => {
  it('refuses a request without a token on a connection that has put none', async () => {
    const { security_token: _, ...request } = READ_HUB;
    const reply = await ask(connect(await startHub()), '$management', request);
    expect(reply.application_properties).toMatchObject({ 'status-code': 401 });
  });

  it('refuses a request with a token that another key has signed', async () => {
    const request = { ...READ_HUB, security_token: sasToken({ key: 'guess' }) };
    const reply = await ask(connect(await startHub()), '$management', request);
    expect(reply.application_properties).toMatchObject({ 'status-code': 401 });
  });

  it('answers a client that has not put a token yet and sends one in its request', async () => {
    const reply = await ask(connect(await startHub()), '$management', READ_HUB);
    expect(reply).toMatchObject({ application_properties: { 'status-code': 200 }, body: { partition_count: 4 } });
  });

  it.each([
    { name: 'the name of its link', style: {} },
    { name: 'the target of its link', style: { replies: { target: 'my-replies' }, replyTo: 'my-replies' } },
    { name: 'the node itself', style: { replyTo: '$management' } },
  ])('replies to a client that gives $name as reply-to', async ({ style }) => {
    const reply = await ask(connect(await startHub()), '$management', READ_HUB, style);
    expect(reply.application_properties).toMatchObject({ 'status-code': 200 });
  });

  it('replies over a link whose address it assigned', async () => {
    const connection = connect(await startHub());
    const replies = connection.open_receiver({ source: { address: '', dynamic: true } });
    await once(replies, 'receiver_open');
    const requests = connection.open_sender('$management');
    await once(requests, 'sendable');
    requests.send({ reply_to: replies.source.address, body: '', application_properties: READ_HUB });
    const [{ message }] = await once(replies, 'message');
    expect(message.body).toMatchObject({ name: HUB });
  });

  it.each([
    { name: 'a string', messageId: 'request-1' },
    { name: 'a number', messageId: 7 },
    { name: 'a uuid', messageId: Buffer.from('00112233445566778899aabbccddeeff', 'hex') },
  ])('correlates a reply with a request whose id is $name', async ({ messageId }) => {
    const reply = await ask(connect(await startHub()), '$management', READ_HUB, { messageId });
    expect(reply.correlation_id).toEqual(messageId);
  });
});

describe('Event Hubs for other clients: addresses', () => {
  it.each([`/${HUB}`, `/${HUB}/Partitions/0`, `amqp://127.0.0.1:5672/${HUB}`, `amqps://localhost/${HUB}/Partitions/0`])(
    'takes events sent to %s',
    async (address) => {
      const server = await startHub({ partitions: 1 });
      await sendOne(connect(server, POLICY), address);
      expect(server.events(HUB)).toHaveLength(1);
    },
  );

  it.each([`/${PARTITION}`, `amqps://localhost/${PARTITION}`])('delivers events from %s', async (address) => {
    const server = await startHub({ partitions: 1 });
    await producerFor(server).sendBatch(numbered(1));
    const receiver = connect(server, POLICY).open_receiver(address);
    const [{ message }] = await once(receiver, 'message');
    expect(String(message.body.content)).toBe('0');
  });

  it('replies to an attach with the address as the client wrote it', async () => {
    const sender = connect(await startHub(), POLICY).open_sender(`/${HUB}`);
    await once(sender, 'sendable');
    expect(sender.target.address).toBe(`/${HUB}`);
  });

  it.each(['', '/', '/unknown', `${HUB}/unknown`])('refuses to take events sent to "%s"', async (address) => {
    const sender = connect(await startHub(), POLICY).open_sender({ target: { address } });
    await once(sender, 'sender_error');
    expect(sender.error).toMatchObject({ condition: 'amqp:not-found' });
  });
});

describe('Event Hubs for other clients: where a reader starts', () => {
  const values = ['offset', 'sequence-number', 'enqueued-time'] as const;
  const spellings = ["> '?'", '> ?', '>?', ">= '?'", '>= ?', '>=?'];
  const cases = values.flatMap((value) => spellings.map((spelling) => ({ value, spelling })));

  it.each(cases)('understands x-opt-$value $spelling', async ({ value, spelling }) => {
    const { server, third } = await fiveEvents();
    const place = String(Number(third[`x-opt-${value}`]));
    const first = await firstFrom(server, `amqp.annotation.x-opt-${value} ${spelling.replace('?', place)}`);
    expect(first).toBe(spelling.includes('=') ? '2' : '3');
  });

  it.each(["amqp.annotation.x-opt-offset > '-1'", 'amqp.annotation.x-opt-offset > -1'])(
    'starts with the oldest event at %s',
    async (selector) => {
      const { server } = await fiveEvents();
      expect(await firstFrom(server, selector)).toBe('0');
    },
  );

  it.each(["amqp.annotation.x-opt-offset > '@latest'", 'amqp.annotation.x-opt-offset > @latest'])(
    'starts with the next event at %s',
    async (selector) => {
      const { server } = await fiveEvents();
      const receiver = connect(server, POLICY).open_receiver(reader(selector));
      await once(receiver, 'receiver_open');
      await producerFor(server).sendBatch([{ body: 'next' }], { partitionId: '0' });
      const [{ message }] = await once(receiver, 'message');
      expect(String(message.body.content)).toBe('"next"');
    },
  );

  it('recognizes the filter by its type when the client uses another name', async () => {
    const { server, third } = await fiveEvents();
    const selector = `amqp.annotation.x-opt-sequence-number > ${third['x-opt-sequence-number']}`;
    const filter = { selector: rhea.types.wrap_described(selector, 'apache.org:selector-filter:string') };
    const receiver = connect(server, POLICY).open_receiver({ source: { address: PARTITION, filter } });
    const [{ message }] = await once(receiver, 'message');
    expect(String(message.body.content)).toBe('3');
  });
});

async function sendOne(connection: Connection, address: string): Promise<void> {
  const sender = connection.open_sender(address);
  await once(sender, 'sendable');
  sender.send({ body: rhea.message.data_section(Buffer.from('one')) });
  await once(sender, 'accepted');
}

/** Events 0 to 4, each at a time of its own, and the annotations of event 2. */
async function fiveEvents() {
  const server = await startHub({ partitions: 1 });
  const producer = producerFor(server);
  for (const event of numbered(5)) {
    await producer.sendBatch([event], { partitionId: '0' });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const receiver = connect(server, POLICY).open_receiver(PARTITION);
  const messages: Message[] = [];
  receiver.on('message', ({ message }) => messages.push(message));
  while (messages.length < 5) await once(receiver, 'message');
  return { server, third: messages[2]?.message_annotations ?? {} };
}

async function firstFrom(server: EventHubsServer, selector: string): Promise<string> {
  const receiver = connect(server, POLICY).open_receiver(reader(selector));
  const [{ message }] = await once(receiver, 'message');
  return String(message.body.content);
}
