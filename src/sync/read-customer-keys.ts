import { z } from 'zod';
import type { WriteDatabase } from '../shared/sql/open-write-database.ts';
import type { ReadCustomerKeys } from './customer-keys.ts';

const SELECT = `
  SELECT CustomerId AS customerId, KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM CustomerKeys WHERE KeyId IS NOT NULL AND CustomerId IN (SELECT value FROM json_each(:customerIds))`;

const rows = z.array(
  z.object({ customerId: z.string(), keyId: z.string(), wrappedKey: z.string(), masterKeyVersion: z.string() }),
);

/** Reads customers' data keys from a write database, in one round trip. Transient faults of Azure SQL are tried again. */
export function readCustomerKeys(opened: () => Promise<WriteDatabase>): ReadCustomerKeys {
  return async (ids) => {
    const found = rows.parse(await select(await opened(), JSON.stringify(ids)));
    return new Map(found.map(({ customerId, ...key }) => [customerId, key]));
  };
}

async function select(opened: WriteDatabase, customerIds: string): Promise<unknown> {
  if (opened.kind === 'sqlite') return opened.database.prepare(SELECT).all({ customerIds });
  const [{ executeProcedure }, { retryTransient }] = await Promise.all([
    import('../shared/sql/azure-sql/procedures.ts'),
    import('../shared/sql/azure-sql/retry.ts'),
  ]);
  const sets = await retryTransient(() =>
    executeProcedure(opened.pool, 'ReadCustomerKeys', { CustomerIds: customerIds }),
  );
  return sets[0];
}
