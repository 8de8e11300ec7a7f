import { afterEach, expect, it, vi } from 'vitest';
import { type Retry, reportRetry } from '../../../src/shared/telemetry/report-retry.ts';

afterEach(() => void vi.restoreAllMocks());

it.each([
  ['a lost race at the debug level', 'debug', { component: 'commands', reason: 'conflict', count: 1 }],
  ['an answer from record at the debug level', 'debug', { component: 'commands', reason: 'duplicate', count: 1 }],
  ['a fault of a dependency as a warning', 'warn', { component: 'read-database', reason: 'throttled', count: 2 }],
] as const satisfies readonly (readonly [string, 'debug' | 'warn', Retry])[])(
  'logs %s, in one line',
  (_what, level, retry) => {
    const lines: unknown[] = [];
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(JSON.parse(line)));
    reportRetry(retry);
    expect(lines).toEqual([{ message: `Retry in ${retry.component}: ${retry.reason}`, ...retry }]);
  },
);
