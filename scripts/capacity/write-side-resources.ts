import { ESTIMATES } from './estimates.ts';
import { AZURE_SQL, KEY_VAULT } from './limits.ts';
import type { Resource } from './resource.ts';
import type { TemplateSizes } from './template-sizes.ts';

const MB = 1e6;
/** Orders of one product that the write database takes in a second: each holds the product's row until its commit. */
const ROW_RATE = 1_000 / ESTIMATES.productRowMs.value;

const SHARDS = 'split the orders by customer over several databases';

/** The write database, and the vault that its events need. */
export function writeSideResources(sizes: TemplateSizes): readonly Resource[] {
  const { generalPurposeLog, generalPurposeLogPerVCore, hyperscaleLog } = AZURE_SQL;
  return [
    {
      id: 'vault',
      service: 'Key Vault',
      what: 'data keys to unwrap, if no cache has them',
      unit: 'operations/s',
      stage: 'limit',
      needed: ({ unwraps }) => unwraps,
      deployed: KEY_VAULT.rsa3072,
      most: KEY_VAULT.rsa2048,
      raise: 'a key of 2,048 bits (`keySize`), before the first deployment',
      redesign: '`masterKeyKind` `secret`, with which the apps unwrap in memory',
    },
    {
      id: 'sql-cores',
      service: 'Azure SQL',
      what: 'vCores',
      unit: 'vCores',
      stage: 'command',
      needed: ({ sqlCores }) => sqlCores,
      deployed: sizes.sqlVCores,
      most: AZURE_SQL.vCores.at(-1) ?? 0,
      raise: '`sqlVCores`',
      redesign: SHARDS,
    },
    {
      id: 'sql-log',
      service: 'Azure SQL',
      what: 'transaction log',
      unit: 'MB/s',
      stage: 'command',
      needed: ({ logBytes }) => logBytes / MB,
      deployed: Math.min(generalPurposeLog, sizes.sqlVCores * generalPurposeLogPerVCore),
      most: hyperscaleLog,
      raise: '`sqlVCores`, then `sqlSku` HS_Gen5',
      redesign: SHARDS,
    },
    {
      id: 'product-row',
      service: 'Azure SQL',
      what: 'orders of the best-selling product',
      unit: 'orders/s',
      stage: 'command',
      needed: ({ hottestOrders }) => hottestOrders,
      deployed: ROW_RATE,
      most: 4 * ROW_RATE,
      raise: '`sqlSku` BC_Gen5 or HS_Gen5, which commit to the log several times as fast',
      redesign: 'divide the stock of such a product over several rows',
    },
  ];
}
