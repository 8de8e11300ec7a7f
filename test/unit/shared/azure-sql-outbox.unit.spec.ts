import { readFileSync } from 'node:fs';
import sql from 'mssql';
import { expect, it } from 'vitest';
import { connectionOptions } from '../../../src/shared/write-database/azure-sql/connection-options.ts';

const FOLDER = new URL('../../../src/shared/write-database/azure-sql/', import.meta.url);
const CLAIM = readFileSync(new URL('procedures/ClaimOutbox.sql', FOLDER), 'utf8');
const INDEX = readFileSync(new URL('migrations/0007-outbox-by-age.sql', FOLDER), 'utf8');

/** What the first group of a pattern matches. */
const found = (text: string, pattern: RegExp) => pattern.exec(text)?.[1];

it('ClaimOutbox waits for its lock for a shorter time than its request may take', () => {
  const parse = (text: string) => sql.ConnectionPool.parseConnectionString(text);
  const { requestTimeout } = connectionOptions('Server=localhost;User Id=u;Password=p', parse, { appName: 'test' });
  const lockTimeout = Number(found(CLAIM, /@LockTimeout = (\d+)/));
  expect(lockTimeout).toBeGreaterThan(0);
  expect(lockTimeout).toBeLessThan(requestTimeout ?? 0);
});

it('ClaimOutbox takes the oldest events in the order of the index on unpublished events', () => {
  const key = found(INDEX, /ON orders\.Events \(([^)]+)\)/);
  const order = found(CLAIM, /ORDER BY ([^\n]+)\n {2}\)/)?.replaceAll('e.', '');
  expect(key).toBe('RecordedAt, AggregateType, AggregateId, Version');
  expect(order).toBe(key);
  expect(found(CLAIM, /OVER \(\s+ORDER BY ([^\n]+)\n/)?.replaceAll('o.', '')).toBe(key);
});
