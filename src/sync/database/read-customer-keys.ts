import { z } from 'zod';
import { type WrappedKey, wrappedKey } from '../../shared/personal-data/data-keys.ts';
import type { WriteDatabase } from '../../shared/write-database/open-write-database.ts';
import type { ReadCustomerKeys } from '../customer-keys/customer-keys.ts';

const SELECT = `
  SELECT CustomerId AS customerId, KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM CustomerKeys WHERE CustomerId IN (SELECT value FROM json_each(:customerIds))`;

/** Of a destroyed key the row is left, without its columns. */
const row = z.union([
  z
    .object({ customerId: z.string(), keyId: z.null() })
    .transform(({ customerId }) => [customerId, 'destroyed'] as const),
  wrappedKey
    .extend({ customerId: z.string() })
    .transform(({ customerId, ...key }): readonly [string, WrappedKey] => [customerId, key]),
]);

/** Reads customers' data keys from a write database, in one round trip. Transient faults of Azure SQL are tried again. */
export function readCustomerKeys(opened: () => Promise<WriteDatabase>): ReadCustomerKeys {
  return async (ids) => {
    const rows = z.array(row).parse(await select(await opened(), JSON.stringify(ids)));
    return new Map<string, WrappedKey | 'destroyed'>(rows);
  };
}

async function select(opened: WriteDatabase, customerIds: string): Promise<unknown> {
  if (opened.kind === 'sqlite') return opened.database.prepare(SELECT).all({ customerIds });
  const [{ executeProcedure }, { retryTransient }] = await Promise.all([
    import('../../shared/write-database/azure-sql/procedures.ts'),
    import('../../shared/write-database/azure-sql/retry.ts'),
  ]);
  const sets = await retryTransient(() =>
    executeProcedure(opened.pool, 'ReadCustomerKeys', { CustomerIds: customerIds }),
  );
  return sets[0];
}
