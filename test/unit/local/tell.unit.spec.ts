import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { tell } from '../../../local/tell.ts';

it('ignores a process whose end has not been noticed yet', async () => {
  const child = spawn(process.execPath, ['-e', 'process.on("message", () => {})'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const errors: unknown[] = [];
  child.on('error', (error) => errors.push(error));
  await once(child, 'spawn');
  child.kill('SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500); // blocks the event loop, which therefore does not notice
  expect(child.connected).toBe(true);
  tell(child, 'start');
  await once(child, 'close');
  expect(errors).toEqual([]);
});
