import { MAX_RUN_MS } from '../../src/commands/event-archive/archive-events.ts';
import { ESTIMATES } from './estimates.ts';
import { AZURE_SQL, KEY_VAULT } from './limits.ts';
import type { Resource } from './resource.ts';
import type { TemplateSizes } from './template-sizes.ts';

const MB = 1e6;
/** Orders of one product that the write database takes in a second: each holds the product's row until its commit. */
const ROW_RATE = 1_000 / ESTIMATES.productRowMs.value;

/** Events that the timer of the archive moves in a second. It starts once a minute. */
const ARCHIVE_RATE = (MAX_RUN_MS / 60_000) * (1_000 / ESTIMATES.archiveMs.value);

/** Connections of an instance, and so the requests that it takes at a time (`httpConcurrency` in infra/modules/apps.bicep). */
export const CONNECTIONS = 16;
const SHARDS = 'split the orders by customer over several databases';

/** The write database, the timer that archives its events, and the vault that they need. */
export function writeSideResources(sizes: TemplateSizes): readonly Resource[] {
  return [...rates(sizes), ...places(sizes)];
}

const MOST_VCORES = AZURE_SQL.vCores.at(-1) ?? 0;

function rates(sizes: TemplateSizes): readonly Resource[] {
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
      most: MOST_VCORES,
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
      id: 'archive',
      service: 'Event archive',
      what: 'its timer, which moves a batch at a time',
      unit: 'events/s',
      stage: 'limit',
      needed: ({ events }) => events,
      deployed: ARCHIVE_RATE,
      most: ARCHIVE_RATE,
      raise: 'nothing raises it',
      redesign:
        'several batches at a time, each of a part of the aggregates; until then, events stay in `Events` for longer',
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

/** What a command occupies while it runs. */
function places(sizes: TemplateSizes): readonly Resource[] {
  return [
    {
      id: 'sql-workers',
      service: 'Azure SQL',
      what: 'workers, each with a procedure at a time',
      unit: 'workers',
      stage: 'limit',
      needed: ({ commands }) => (commands * ESTIMATES.sqlMs.value) / 1_000,
      deployed: sizes.sqlVCores * AZURE_SQL.workersPerVCore,
      most: MOST_VCORES * AZURE_SQL.workersPerVCore,
      raise: '`sqlVCores`',
      redesign: SHARDS,
    },
    {
      id: 'sql-connections',
      service: 'Azure SQL',
      what: 'connections of the command app',
      unit: 'connections',
      stage: 'limit',
      needed: ({ commandCores }) => (commandCores / ESTIMATES.utilization.value) * CONNECTIONS,
      deployed: AZURE_SQL.sessions,
      most: AZURE_SQL.sessions,
      raise: 'nothing raises it',
      redesign: SHARDS,
    },
  ];
}
