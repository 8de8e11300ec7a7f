import { rm } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../support/commands/write-store-rows.ts';
import {
  expectCleanExit,
  hostOf,
  localPrograms,
  printedCommands,
  READY,
  runInShell,
  tryCommands,
} from '../support/system/local-programs.ts';
import type { Program } from '../support/system/program.ts';

const { pathOf, start, run } = localPrograms();

/** The order without a version to wait for: the read models are complete when the system is ready. */
function readAtOnce({ curls }: ReturnType<typeof printedCommands>): string {
  return curls[1]?.replace('minVersion=1&', '') ?? '';
}

const priorityOf = (pid: number | undefined): number => (pid === undefined ? Number.NaN : getPriority(pid));

describe('npm start', () => {
  /** The first system on the folder "kept", and what its commands have printed. */
  let first: Program;
  let firstOrder: Awaited<ReturnType<typeof tryCommands>>;
  beforeAll(async () => {
    first = start('start.ts', 'kept');
    await first.printed(READY);
    firstOrder = await tryCommands(first);
  });
  afterAll(() => first?.kill());

  it('runs the whole system, prints commands to try, and stops on Ctrl-C', async () => {
    expect(first.stdout()).toMatch(/placeOrder: \[POST\] http:\/\/localhost:\d+\/api\/orders\n/);
    expect(first.stdout()).toMatch(/projectOrderDetails: eventHubTrigger/);
    // Commands run before projections when the CPU is busy. A greater number is a lower priority.
    const priority = priorityOf(hostOf(first, 'commands'));
    expect(priorityOf(hostOf(first, 'sync'))).toBe(Math.min(priority + 5, constants.priority.PRIORITY_LOW));
    expect(first.stdout().match(/healthLive: /g)).toHaveLength(1);
    expect(first.stdout()).not.toContain('{"ready"');
    const [, consoleUrl = ''] = /The console and a shop to try: (\S+)/.exec(first.stdout()) ?? [];
    expect(await (await fetch(consoleUrl)).text()).toContain('<title>Orders console</title>');
    const [, lagUrl = ''] = /getLag: \[GET,HEAD\] (\S+)/.exec(first.stdout()) ?? [];
    expect(new URL(lagUrl).origin).toBe(new URL(consoleUrl).origin);
    expect((await fetch(lagUrl)).status).toBe(401);
    const { orderId, placed, read } = firstOrder;
    expect(placed).toMatchObject({ status: 202, body: { orderId } });
    expect(read).toMatchObject({ status: 200, body: { orderId, customerName: 'Ada Lovelace' } });
    await expectCleanExit(first);
  });

  it('keeps orders across restarts, and refuses a folder that another system uses', async () => {
    const again = run('start.ts', 'kept');
    await again.printed(READY);
    const refused = start('start.ts', 'kept');
    expect([await refused.ended(), refused.stderr()]).toEqual([
      1,
      `Another process uses the folder ${pathOf('kept')}. Stop it, or choose another folder with --data.\n`,
    ]);
    const { orderId, read } = firstOrder;
    const commands = printedCommands(again, orderId);
    expect(again.stdout()).not.toContain('Rebuilding');
    expect(await runInShell(`${commands.token}; ${readAtOnce(commands)}`)).toEqual(read);
    expect(await runInShell(`${commands.token}; ${commands.curls[0]}`)).toMatchObject({ status: 202 });
    expect(query(pathOf('kept', 'orders.db'), 'SELECT OrderId FROM Orders')).toEqual([{ OrderId: orderId }]);
    await expectCleanExit(again);
  });

  it.each([
    ['everything but the write store', ['event-hubs.db', 'cosmos-db.db', 'storage']],
    ['the hub', ['event-hubs.db']],
    ['the read models', ['cosmos-db.db']],
  ])('rebuilds what is missing: %s', async (_what, missing) => {
    for (const file of missing) await rm(pathOf('kept', file), { recursive: true });
    const eventsBefore = query(pathOf('kept', 'orders.db'), 'SELECT EventId FROM Events').length;
    const next = run('start.ts', 'kept');
    await next.printed(READY);
    const again = printedCommands(next, firstOrder.orderId);
    expect(next.stdout()).toContain(`Rebuilding the read models from ${eventsBefore} events`);
    expect(await runInShell(`${again.token}; ${readAtOnce(again)}`)).toEqual(firstOrder.read);
    expect(await tryCommands(next)).toMatchObject({ placed: { status: 202 }, read: { status: 200 } });
    await expectCleanExit(next);
  });
});
