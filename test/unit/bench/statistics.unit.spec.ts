import { describe, expect, it } from 'vitest';
import { growthOf } from '../../../bench/measuring/growth.ts';
import { alternate } from '../../../bench/measuring/rounds.ts';
import { ratiosOf, spreadOf } from '../../../bench/report/statistics.ts';

const EFFORT = { quick: false, full: false, say: () => {} };

describe('the spread of several rounds', () => {
  it('is their median, minimum and maximum', () => {
    expect(spreadOf([3, 1, 10, 2, 4])).toEqual({ median: 3, min: 1, max: 10 });
  });

  it('has the mean of the middle two as its median when the number of rounds is even', () => {
    expect(spreadOf([4, 1, 2, 10]).median).toBe(3);
  });

  it('sorts numbers by their value', () => {
    expect(spreadOf([100, 20, 3]).median).toBe(20);
  });

  it('cannot be computed without a round', () => {
    expect(() => spreadOf([])).toThrow('Nothing was measured.');
  });
});

describe('the ratios of two alternatives', () => {
  it('are computed round by round', () => {
    expect(ratiosOf([10, 30], [5, 10])).toEqual([2, 3]);
  });
});

describe('alternatives', () => {
  it('take turns in alternating order, and the first round is only a warm-up', async () => {
    const order: string[] = [];
    const measure = (name: string) => async () => order.push(name);
    const samples = await alternate(new Map(['a', 'b'].map((name) => [name, measure(name)])), { ...EFFORT, rounds: 2 });
    expect(order.join('')).toBe('abbaab');
    expect([samples('a'), samples('b')]).toEqual([
      [4, 5],
      [3, 6],
    ]);
  });
});

describe('the growth of an operation', () => {
  it('is the cost on each larger store relative to the smallest, measured in turns', async () => {
    const order: number[] = [];
    const operation = (orders: number, cpuMs: number) => ({
      ...{ what: 'polling', orders, turns: 2 },
      measure: async () => {
        order.push(orders);
        return cpuMs;
      },
    });
    const figures = await growthOf([operation(1_000, 2), operation(10_000, 3)], { ...EFFORT, rounds: 1 });
    expect(figures).toMatchObject([{ what: expect.stringContaining('10,000 orders relative to 1,000'), value: 1.5 }]);
    const ofRound = [1_000, 10_000, 10_000, 1_000];
    expect(order).toEqual([...ofRound, ...ofRound]);
  });
});
