import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../scripts/replay.ts';
import { openShop } from '../support/shop/orders.ts';
import { startReplay } from '../support/shop/replays.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
  await (await openShop(system)).placeOrders(5);
});
afterAll(() => system.stop());

/** Runs the command against the system and returns its output and exit code. */
async function replay(...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const place = ['--url', `${system.host.url}/api`, '--data', system.data];
  const exitCode = await main([...place, ...args], { stdout, stderr, env: {}, signal: new AbortController().signal });
  return { exitCode, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

describe('npm run replay', () => {
  it('replays the whole log and shows its progress', async () => {
    const { exitCode, out, err } = await replay();
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/^Replay \S+ completed: 7 events\n$/)]);
    expect(err).toContain('7/7');
  });

  it('watches a replay that has been started', async () => {
    const replayId = await startReplay(system, { readModel: 'sales_daily' });
    const { exitCode, out } = await replay('--id', replayId);
    expect([exitCode, out]).toEqual([0, `Replay ${replayId} completed: 7 events\n`]);
  });

  it('reports that there was nothing to replay', async () => {
    const { exitCode, out } = await replay('--from', '2999-01-01T00:00:00Z');
    expect([exitCode, out]).toEqual([0, expect.stringContaining('completed: no events to replay')]);
  });

  it('reports only that the server at the URL is not the API', async () => {
    const { exitCode, err } = await replay('--url', system.host.url);
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(/^No replay was started: the server at \S+ is not the orders API/),
    ]);
  });

  it.each([
    ['an unknown read model', ['--read-model', 'orders'], 2, '--read-model must be one of all, order_details'],
    ['an invalid time', ['--from', 'yesterday'], 2, '--from must be a time'],
    ['a replay that does not exist', ['--id', 'none'], 1, 'There is no replay none.'],
    ['an invalid token', ['--token', 'none'], 1, 'does not accept the token'],
    ['an unknown option', ['--everything'], 2, '--everything'],
    ['an invalid URL', ['--url', 'localhost'], 2, '--url must be an http or https address'],
  ])('reports what is wrong with %s', async (_, args, exitCode, sentence) => {
    expect(await replay(...args)).toMatchObject({ exitCode, err: expect.stringContaining(sentence) });
  });
});
