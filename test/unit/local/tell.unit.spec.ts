import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { tell } from '../../../local/tell.ts';

it('ignores a process that has ended, which nobody has noticed yet', async () => {
  const child = spawn(process.execPath, ['-e', 'process.on("message", () => {})'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const errors: unknown[] = [];
  child.on('error', (error) => errors.push(error));
  await once(child, 'spawn');
  child.kill('SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500); // the event loop learns nothing meanwhile
  expect(child.connected).toBe(true);
  tell(child, 'start');
  await once(child, 'close');
  expect(errors).toEqual([]);
});
