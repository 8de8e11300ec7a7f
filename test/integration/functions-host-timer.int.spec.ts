import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { timerSchedule } from '../../local/functions-host/timer-schedule.ts';
import { recorded, startFixture } from '../fixtures/functions-app/start-fixture.mts';
import { newStorageAccount } from '../support/system/storage-account.ts';

describe('a schedule', () => {
  const next = (expression: string, from: string) => timerSchedule(expression).next(new Date(from))?.toISOString();

  it.each([
    ['every five seconds', '*/5 * * * * *', '2026-01-01T00:00:04.900Z', '2026-01-01T00:00:05.000Z'],
    [
      'a next time strictly after the given one',
      '*/5 * * * * *',
      '2026-01-01T00:00:05.000Z',
      '2026-01-01T00:00:10.000Z',
    ],
    ['a time of the day', '0 30 9 * * *', '2026-01-01T09:30:00Z', '2026-01-02T09:30:00.000Z'],
    ['lists and ranges', '0 0 8,12-14 * * *', '2026-01-01T12:00:00Z', '2026-01-01T13:00:00.000Z'],
    ['steps in a range', '10-50/20 * * * * *', '2026-01-01T00:00:10Z', '2026-01-01T00:00:30.000Z'],
    ['names of days', '0 0 9 * * Mon-Fri', '2026-01-02T10:00:00Z', '2026-01-05T09:00:00.000Z'],
    ['Sunday as 7', '0 0 0 * * 7', '2026-01-01T00:00:00Z', '2026-01-04T00:00:00.000Z'],
    ['names of months', '0 0 0 1 feb *', '2026-03-01T00:00:00Z', '2027-02-01T00:00:00.000Z'],
    ['a day that few months have', '0 0 0 31 * *', '2026-01-31T00:00:00Z', '2026-03-31T00:00:00.000Z'],
    ['leap years', '0 0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['both the day and the day of the week', '0 0 0 13 * fri', '2026-03-14T00:00:00Z', '2026-11-13T00:00:00.000Z'],
    ['five fields', '*/10 * * * *', '2026-01-01T00:00:30Z', '2026-01-01T00:10:00.000Z'],
    ['a time span', '00:00:05', '2026-01-01T00:00:01Z', '2026-01-01T00:00:06.000Z'],
  ])('supports %s', (_what, expression, from, expected) => {
    expect(next(expression, from)).toBe(expected);
  });

  it('has no next time when its date does not exist', () => {
    expect(next('0 0 0 31 2 *', '2026-01-01T00:00:00Z')).toBeUndefined();
  });

  it.each(['* * * *', '60 * * * * *', '*/0 * * * * *', '5-1 * * * * *', 'x * * * * *', '* * * 0 * *', '00:00:00'])(
    'rejects %s',
    (expression) => {
      expect(() => timerSchedule(expression)).toThrow();
    },
  );
});

describe('timers', () => {
  let storage: string;
  let host: FunctionsHostProcess;
  const start = () => startFixture({ AzureWebJobsStorage: storage, SCHEDULE: '* * * * * *' });
  const ran = (process: FunctionsHostProcess) => process.output().match(/everySecond: run in/g)?.length ?? 0;
  /** The seconds in which the timer has run in a host. */
  const secondsOf = (process: FunctionsHostProcess) =>
    [...process.output().matchAll(/^\[(.*)\.\d+Z\] everySecond: run in/gm)].map(([, second]) => second);

  beforeAll(async () => {
    storage = (await newStorageAccount()).connectionString;
    host = await start();
  });
  afterAll(() => host?.stop());

  it('run on schedule', async () => {
    await expect.poll(() => ran(host)).toBeGreaterThan(1);
  });

  it('pass the timer to the function', async () => {
    const [record] = await vi.waitFor(async () => {
      const records = await recorded(host, 'everySecond');
      expect(records).not.toEqual([]);
      return records;
    }, 120_000);
    expect(record?.timer).toMatchObject({ isPastDue: false, scheduleStatus: { next: expect.any(String) } });
  });

  it('run at startup and are retried by their policy', async () => {
    const retries = async () => (await recorded(host, 'onStartup')).map(({ retryCount }) => retryCount);
    await expect.poll(retries).toEqual(expect.arrayContaining([null, 1, null]));
    expect((await retries()).slice(0, 3)).toEqual([null, 1, null]);
  });

  it('never run concurrently, even when a run takes longer than the interval', async () => {
    await expect.poll(async () => (await recorded(host, 'onStartup')).length).toBeGreaterThan(3);
    expect((await recorded(host, 'onStartup')).every(({ parallel }) => parallel === 1)).toBe(true);
  });

  it('run on one of two hosts, and on the other after the first one ends', async () => {
    const second = await start();
    onTestFinished(() => second.stop());
    const before = ran(host) + ran(second);
    await expect.poll(() => ran(host) + ran(second)).toBeGreaterThan(before + 3);
    // A host that cannot renew its lease in time gives the timer to the other, so it can change hands, but never has two.
    expect(secondsOf(host).filter((time) => secondsOf(second).includes(time))).toEqual([]);
    const beforeTheEnd = ran(second);
    await host.stop();
    await expect.poll(() => ran(second)).toBeGreaterThan(beforeTheEnd);
  });
});
