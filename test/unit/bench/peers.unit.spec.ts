import { describe, expect, it } from 'vitest';
import { rowsOfPeers } from '../../../bench/sections/peers.ts';

/** A peer without queries, with one round for each of these commands per second. */
const peer = (name: string, ...rates: readonly number[]) => ({
  name,
  rounds: rates.map((commandsPerSecond) => ({
    ...{ commandsPerSecond, cpuMsPerCommand: 2, standInsCpuMsPerCommand: 0, readsPerSecond: null, cpuMsPerRead: null },
  })),
});

const THIRD = { what: 'Third', reason: 'it cannot be installed' };
const LOCAL = {
  title: 'Peers',
  measured: [peer('This project', 100, 200), peer('Other', 50, 400)],
  skipped: [{ name: THIRD.what, reason: THIRD.reason }],
};
const WITH_LATENCY = {
  title: 'SQL 2 ms, 16 at once',
  measured: [peer('This project', 90, 90), peer('The naive way', 30, 45)],
  skipped: [{ name: 'The way of others', reason: 'it does not start' }],
};

describe('the figures of the peers', () => {
  const output = `Some text\n${JSON.stringify([LOCAL, WITH_LATENCY])}\n`;
  const rows = rowsOfPeers(output);

  it('include the ratios to this project, round by round, where a peer has the figure', () => {
    const ratios = rows.filter(({ what }) => what.includes('relative to this project'));
    expect(ratios).toMatchObject([
      { what: 'Other: commands/s relative to this project', spread: { min: 0.5, max: 2 } },
    ]);
  });

  it('compare this project with the naive way under the latencies of the cloud, and have a goal', () => {
    expect(rows.at(-2)).toMatchObject({
      what: 'SQL 2 ms, 16 at once: this project, commands/s relative to the naive way',
      value: 2.5,
      goal: { atLeast: 3 },
    });
  });

  it('are accompanied by the reasons why peers were skipped', () => {
    expect(rows.filter((row) => 'reason' in row)).toEqual([
      THIRD,
      { what: 'SQL 2 ms, 16 at once: the way of others', reason: 'it does not start' },
    ]);
  });

  it('cannot be read when this project was not measured', () => {
    const without = JSON.stringify([{ ...LOCAL, measured: [peer('Other', 50, 400)] }]);
    expect(() => rowsOfPeers(without)).toThrow('this project was not measured');
  });
});
