import { READ_MODELS } from '../../src/shared/event-hubs/hub.ts';
import { DAY_PARTS, HOUR_PARTS } from './demand.ts';
import { ESTIMATES } from './estimates.ts';
import { API_MANAGEMENT, COSMOS_DB, EVENT_HUBS, FUNCTIONS, LOG_ANALYTICS, STORAGE } from './limits.ts';
import type { Resource } from './resource.ts';
import type { TemplateSizes } from './template-sizes.ts';
import { CONNECTIONS, writeSideResources } from './write-side-resources.ts';

const MB = 1e6;
const GB = 1e9;
/** Everything that can run out. */
export function resources(sizes: TemplateSizes): readonly Resource[] {
  return [...ofRequests(sizes), ...writeSideResources(sizes), ...ofEvents(sizes), ...ofReadModels(sizes), ...ofLogs()];
}

function ofRequests(sizes: TemplateSizes): readonly Resource[] {
  const { instances } = FUNCTIONS;
  return [
    {
      id: 'gateway',
      service: 'API Management',
      what: 'requests',
      unit: 'requests/s',
      stage: 'request',
      needed: ({ commands, reads }) => commands + reads,
      deployed: sizes.apiManagementCapacity * API_MANAGEMENT.requests,
      most: API_MANAGEMENT.units * API_MANAGEMENT.requests,
      raise: '`apiManagementCapacity`',
      redesign: 'several gateways behind Azure Front Door, and GETs that Front Door caches',
    },
    {
      id: 'concurrency',
      service: 'API Management',
      what: 'concurrent commands',
      unit: 'requests',
      stage: 'limit',
      needed: ({ commands }) => (commands * ESTIMATES.commandMs.value) / 1_000,
      deployed: sizes.concurrentCallsPerApp,
      most: instances * CONNECTIONS,
      raise: '`concurrentCallsPerApp`, together with `sqlVCores`',
      redesign: 'a command app per database',
    },
    {
      id: 'commands',
      service: 'Functions',
      what: 'command app',
      unit: 'cores',
      stage: 'command',
      needed: ({ commandCores }) => commandCores,
      deployed: sizes.maximumInstanceCount,
      most: instances,
      raise: '`maximumInstanceCount`, and the subscription’s quota of cores',
      redesign: 'a command app per database',
    },
    {
      id: 'queries',
      service: 'Functions',
      what: 'query app',
      unit: 'cores',
      stage: 'read',
      needed: ({ queryCores }) => queryCores,
      deployed: sizes.maximumInstanceCount,
      most: instances,
      raise: '`maximumInstanceCount`, and the subscription’s quota of cores',
      redesign: 'a query app per gateway',
    },
  ];
}

function ofEvents(sizes: TemplateSizes): readonly Resource[] {
  return [
    {
      id: 'hub',
      service: 'Event Hubs',
      what: 'throughput',
      unit: 'throughput units',
      stage: 'publish',
      needed: ({ throughputUnits }) => throughputUnits,
      deployed: sizes.eventHubsMaximumThroughputUnits,
      most: EVENT_HUBS.standardUnits,
      raise: '`eventHubsMaximumThroughputUnits`',
      redesign: 'the tiers Premium and Dedicated, whose units do the work of several; several clusters beyond 20 units',
    },
    {
      id: 'partitions',
      service: 'Event Hubs',
      what: 'partitions of a hub: one batch at a time in each',
      unit: 'partitions',
      stage: 'partition',
      needed: ({ busyPartitions }) => busyPartitions,
      deployed: sizes.eventHubsPartitions,
      most: EVENT_HUBS.standardPartitions,
      raise: '`eventHubsPartitions`, with a new hub (docs/operations.md)',
      redesign: 'the tiers Premium (100 partitions) and Dedicated (1,024)',
    },
    {
      id: 'checkpoints',
      service: 'Storage',
      what: 'checkpoints, one per batch',
      unit: 'writes/s',
      stage: 'batch',
      needed: ({ checkpoints }) => checkpoints,
      deployed: STORAGE.requests,
      most: STORAGE.requests,
      raise: 'larger batches: `minEventBatchSize` and `maxWaitTime` in host.json',
      redesign: 'several sync apps, each with a few consumer groups and its own storage account',
    },
  ];
}

function ofReadModels(sizes: TemplateSizes): readonly Resource[] {
  const { containerRequestUnits, partitionRequestUnits, logicalPartitionGb } = COSMOS_DB;
  const container = (readModel: string): Resource => ({
    id: `cosmos:${readModel}`,
    service: 'Cosmos DB',
    what: readModel,
    unit: 'RU/s',
    stage: 'read-model',
    readModel,
    needed: ({ projecting, reading }) => (projecting[readModel] ?? 0) + (reading[readModel] ?? 0),
    deployed: sizes.cosmosMaxThroughput,
    most: containerRequestUnits,
    raise: '`cosmosMaxThroughput`',
    redesign: 'a quota from support, or a container per group of customers',
  });
  const hot = (readModel: string, parts: number, period: string): Resource => ({
    id: `hot:${readModel}`,
    service: 'Cosmos DB',
    what: `${readModel}: the ${parts} logical partitions of ${period}`,
    unit: 'RU/s each',
    stage: 'read-model',
    readModel,
    needed: ({ projecting }) => (projecting[readModel] ?? 0) / parts,
    deployed: Math.min(sizes.cosmosMaxThroughput, partitionRequestUnits),
    most: partitionRequestUnits,
    raise: '`cosmosMaxThroughput`',
    redesign: `more parts (\`PARTS\` of ${readModel}), and a replay`,
  });
  return [
    ...READ_MODELS.map(container),
    hot('sales_daily', DAY_PARTS, 'a day'),
    hot('sales_live', HOUR_PARTS, 'an hour'),
    {
      id: 'size:sales_daily',
      service: 'Cosmos DB',
      what: 'sales_daily: size of a logical partition of a day',
      unit: 'GB',
      stage: 'limit',
      needed: ({ dayPartBytes }) => dayPartBytes / GB,
      deployed: logicalPartitionGb,
      most: logicalPartitionGb,
      raise: 'nothing raises it',
      redesign: 'more parts (`PARTS` of sales_daily), and a replay',
    },
  ];
}

function ofLogs(): readonly Resource[] {
  return [
    {
      id: 'telemetry',
      service: 'Log Analytics',
      what: 'traces of every request and event',
      unit: 'MB/s',
      stage: 'limit',
      needed: ({ telemetryBytes }) => telemetryBytes / MB,
      deployed: LOG_ANALYTICS.bytes / MB,
      most: LOG_ANALYTICS.bytes / MB,
      raise: 'nothing raises it',
      redesign: 'sample the traces: one in a hundred is enough at this rate',
    },
  ];
}
