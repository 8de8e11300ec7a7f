import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, expect } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { MAX_BODY_BYTES } from '../../src/shared/http/json-body.ts';
import { it } from '../support/system/shared-system.ts';

const MEGABYTE = 1024 * 1024;
const CHUNK = Buffer.alloc(MEGABYTE, 'x');
/** Far less than one of the bodies, and more than an idle process grows in this time. */
const MAX_GROWTH = 60 * MEGABYTE;

/** A host of its own, whose memory holds nothing of other tests. */
let host: FunctionsHostProcess;
it.beforeAll(async ({ shared }) => {
  host = await shared.startApp('commands', {});
});
afterAll(() => host.stop());

/** The most memory (bytes) that the Functions host has used so far: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function peakMemory(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${host.pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Sends a body of 90 MB as long as the host reads it, and resolves to the status of the response. */
async function sendLargeBody(
  header: string,
  [before, after]: readonly [before: string, after: string],
): Promise<number> {
  const socket = connect(host.port, '127.0.0.1');
  let response = '';
  socket.on('data', (data) => (response += data.toString('latin1')));
  socket.on('error', () => undefined); // the host closes the connection while the body is being sent
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(
    `POST /api/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n${header}\r\n\r\n`,
  );
  for (let sent = 0; sent < 90 && !socket.destroyed && socket.writable; sent += 1) {
    socket.write(before);
    socket.write(CHUNK);
    if (!socket.write(after)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
  }
  socket.end(after === '' ? '' : '0\r\n\r\n');
  await closed;
  return Number(/^HTTP\/1\.1 (\d+)/.exec(response)?.[1]);
}

it.skipIf(process.platform !== 'linux').each([
  ['with a length', `Content-Length: ${90 * MEGABYTE}`, ['', ''], 500],
  ['in chunks', 'Transfer-Encoding: chunked', [`${MEGABYTE.toString(16)}\r\n`, '\r\n'], 401],
] as const)('two bodies of 90 MB %s do not fill the memory of the host', async (_what, header, framing, status) => {
  const before = peakMemory();
  const statuses = await Promise.all([sendLargeBody(header, framing), sendLargeBody(header, framing)]);

  expect(peakMemory() - before).toBeLessThan(MAX_GROWTH);
  for (const one of statuses) expect([status, Number.NaN]).toContain(one);
});

it('the host accepts every body that the API accepts', () => {
  const { Values: values } = JSON.parse(readFileSync('local.settings.json', 'utf8'));
  expect(Number(values.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT)).toBeGreaterThan(MAX_BODY_BYTES);
});
