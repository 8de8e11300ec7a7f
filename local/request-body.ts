import type { IncomingMessage } from 'node:http';

/**
 * Reads the whole body of a request. Returns `aborted` when the client disconnects first, or already has.
 * Listens to the events of the stream, which costs less than its iterator.
 */
export async function readAll(request: IncomingMessage): Promise<Buffer | 'aborted'> {
  if (request.destroyed && !request.readableEnded) return 'aborted'; // emits no more events
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks)));
    for (const ended of ['error', 'close']) request.on(ended, () => resolve('aborted'));
  });
}
