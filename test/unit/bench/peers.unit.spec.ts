import { describe, expect, it } from 'vitest';
import { figuresOfPeers } from '../../../bench/sections/peers.ts';

/** A peer without queries, with one round for each of these commands per second. */
const peer = (name: string, ...rates: readonly number[]) => ({
  name,
  rounds: rates.map((commandsPerSecond) => ({
    ...{ commandsPerSecond, cpuMsPerCommand: 2, standInsCpuMsPerCommand: 0, readsPerSecond: null, cpuMsPerRead: null },
  })),
});

const SKIPPED = { name: 'Third', reason: 'it cannot be installed' };

const OUTPUT = {
  local: { title: 'Peers', measured: [peer('This project', 100, 200), peer('Other', 50, 400)], skipped: [SKIPPED] },
  withLatency: [{ title: 'SQL 2 ms, 16 at once', measured: [peer('This project', 90, 90), peer('The naive way', 30, 45)], skipped: [] }],
};

describe('the figures of the peers', () => {
  const said: string[] = [];
  const figures = figuresOfPeers(`Some text\n${JSON.stringify(OUTPUT)}\n`, (line) => said.push(line));

  it('include the ratios to this project, round by round, where a peer has the figure', () => {
    const ratios = figures.filter(({ what }) => what.includes('relative to This project'));
    expect(ratios).toMatchObject([{ what: 'Other: commands/s relative to This project', spread: { min: 0.5, max: 2 } }]);
  });

  it('compare this project with the naive way under the latencies of the cloud, and have a goal', () => {
    expect(figures.at(-1)).toMatchObject({
      what: 'SQL 2 ms, 16 at once: This project, commands/s relative to The naive way',
      value: 2.5,
      goal: { atLeast: 3 },
    });
  });

  it('are accompanied by the reasons why peers were skipped', () => {
    expect(said).toEqual(['Third was skipped: it cannot be installed']);
  });

  it('cannot be read when this project was not measured', () => {
    const local = { ...OUTPUT.local, measured: [peer('Other', 50, 400)] };
    expect(() => figuresOfPeers(JSON.stringify({ ...OUTPUT, local }), () => {})).toThrow('this project was not measured');
  });
});
