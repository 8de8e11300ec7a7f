import { afterEach, expect, it, vi } from 'vitest';
import { reportRetry } from '../../../src/shared/telemetry/report-retry.ts';

afterEach(() => void vi.restoreAllMocks());

it('logs a retry in one line, at the debug level', () => {
  const lines: unknown[] = [];
  vi.spyOn(console, 'debug').mockImplementation((line) => void lines.push(JSON.parse(line)));
  const retry = { component: 'read-database', reason: 'throttled', count: 2 } as const;
  reportRetry(retry);
  expect(lines).toEqual([{ message: 'Retry in read-database: throttled', ...retry }]);
});
