import { describe, expect, it } from 'vitest';
import { figuresOfPeers } from '../../../bench/sections/peers.ts';

/** Rounds with these commands per second, of a peer that has no queries. */
const peer = (name: string, ...rates: readonly number[]) => ({
  name,
  rounds: rates.map((commandsPerSecond) => ({
    ...{ commandsPerSecond, cpuMsPerCommand: 2, standInsCpuMsPerCommand: 0, readsPerSecond: null, cpuMsPerRead: null },
  })),
});

const OUTPUT = {
  tables: ['Peers: median', 'Peers: ratio', 'SQL 2 ms, 16 at once: median', 'SQL 2 ms, 16 at once: ratio'].map(
    (title) => ({
      title,
    }),
  ),
  comparison: { measured: [peer('Ours', 100, 200), peer('Other', 50, 400)] },
  latency: [{ measured: [peer('Ours', 90, 90), peer('The naive way', 30, 45)] }],
  skipped: [{ name: 'Third', reason: 'it cannot be installed' }],
};

describe('the figures of the peers', () => {
  const said: string[] = [];
  const figures = figuresOfPeers(`Some text\n${JSON.stringify(OUTPUT)}\n`, (line) => said.push(line));

  it('are the ratios to this project, round by round, where a peer has the figure', () => {
    const ratios = figures.filter(({ what }) => what.includes('Other : Ours'));
    expect(ratios).toMatchObject([{ what: 'commands/s: Other : Ours', spread: { min: 0.5, max: 2 } }]);
  });

  it('compare this project with the naive way under the latency of the cloud, with the goal', () => {
    expect(figures.at(-1)).toMatchObject({
      what: 'SQL 2 ms, 16 at once: Ours : The naive way',
      value: 2.5,
      goal: { atLeast: 3 },
    });
  });

  it('come with the reasons why peers were skipped', () => {
    expect(said).toEqual(['Third was skipped: it cannot be installed']);
  });
});
