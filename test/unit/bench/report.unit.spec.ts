import { describe, expect, it } from 'vitest';
import { benchmarksDocument } from '../../../bench/report/document.ts';
import { counted, measured, RATIO } from '../../../bench/report/figure.ts';
import { figureTable, formatNumber } from '../../../bench/report/table.ts';
import { SECTIONS } from '../../../bench/sections.ts';

const COMMANDS_TITLE = SECTIONS.get('commands')?.title;

const RESULTS = [
  {
    name: 'commands',
    seconds: 61.4,
    rows: [
      counted('placing an order', 2, 'round trips', { atMost: 2 }),
      measured('HTTP, relative to the store alone', [0.2, 0.31, 0.25], RATIO, { atLeast: 0.36 }),
      measured('HTTP', [877], 'commands/s'),
      { what: 'Emmett', reason: 'no server || no network' },
    ],
  },
  { name: 'unknown', seconds: 240, rows: [], missing: 'it took more than 4 minutes' },
];

describe('the table of figures', () => {
  it('has a row for each section, each figure (with a spread if there are several rounds), and all that was not measured', () => {
    expect(
      figureTable(RESULTS)
        .split('\n')
        .map((row) => row.replaceAll(/ +/g, ' ')),
    ).toEqual([
      '| what | value | unit | spread | goal |',
      expect.stringMatching(/^(\| -+ ){5}\|$/),
      `| **commands**: ${COMMANDS_TITLE} | | | | |`,
      '| placing an order | 2 | round trips | | ≤ 2 (met) |',
      '| HTTP, relative to the store alone | 0.25 | × | 0.2 to 0.31 | ≥ 0.36 (missed) |',
      '| HTTP | 877 | commands/s | | |',
      String.raw`| Emmett: not measured: no server \|\| no network | | | | |`,
      '| **unknown** | | | | |',
      '| not measured: it took more than 4 minutes | | | | |',
    ]);
  });

  it('has columns of the same width in all rows', () => {
    const widths = figureTable(RESULTS)
      .split('\n')
      .map((row) => row.length);
    expect(new Set(widths).size).toBe(1);
  });

  it.each([
    [0.12345, '0.123'],
    [0.04961, '0.0496'],
    [4.567, '4.57'],
    [85.149, '85.1'],
    [1_234.5, '1,235'],
    [0, '0'],
  ])('shows %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('the document of the benchmarks', () => {
  it('names the machine, the date, the command and the duration', () => {
    const machine = { cpu: 'A CPU', cores: 2, memory: 16, os: 'Linux 6.1', node: 'v24.21.0', load: 0.1 };
    const report = { machine, at: '2026-01-15T10:30:00.000Z', command: 'npm run bench', sections: RESULTS };
    const text = benchmarksDocument(report);
    expect(text).toContain('`npm run bench` wrote this file on 2026-01-15, in 301 s.');
    for (const row of ['| CPU | A CPU, 2 cores |', '| Memory | 16 GiB |', '| Operating system | Linux 6.1 |']) {
      expect(text).toContain(row);
    }
    expect(text).toContain(figureTable(RESULTS));
  });
});
