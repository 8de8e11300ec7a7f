import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchClients } from '../../../src/queries/orders/client-gone.ts';

const clientGone = watchClients();
const server = createServer();
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A request of the host for an invocation, as the function's server got it; and the host's end of the connection. */
async function forwarded(invocationId: string): Promise<{ readonly response: ServerResponse; leave(): void }> {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
  const headers = { 'x-ms-invocation-id': invocationId };
  const sent = request({ port: address.port, host: address.address, headers });
  sent.on('error', () => {});
  const received = once(server, 'request');
  sent.end();
  const [, response] = await received;
  return { response, leave: () => sent.destroy() };
}

describe('the signal that the client of an invocation has gone', () => {
  it('given a client that stays, then it is not aborted', async () => {
    await forwarded('stays');
    expect(clientGone('stays').aborted).toBe(false);
  });

  it('given a client that leaves after the function has asked, then it is aborted', async () => {
    const { leave } = await forwarded('leaves');
    const gone = clientGone('leaves');
    leave();
    await once(gone, 'abort');
    expect(gone.aborted).toBe(true);
  });

  it('given a client that left before the function asks, then it is aborted at once', async () => {
    const { response, leave } = await forwarded('left');
    leave();
    await once(response, 'close');
    expect(clientGone('left').aborted).toBe(true);
  });

  it('given an invocation that Node has told nothing of, then it is not aborted', () => {
    expect(clientGone('unknown').aborted).toBe(false);
  });
});
