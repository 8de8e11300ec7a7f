import { readFileSync } from 'node:fs';

/** The sizes that `infra/prod.bicepparam` deploys, or `infra/main.bicep` by default. */
export interface TemplateSizes {
  readonly apiManagementCapacity: number;
  readonly concurrentCallsPerApp: number;
  readonly maximumInstanceCount: number;
  readonly sqlVCores: number;
  readonly sqlMaxSizeGb: number;
  readonly cosmosMaxThroughput: number;
  readonly eventHubsMaximumThroughputUnits: number;
  readonly eventHubsPartitions: number;
}

/** Reads the sizes from the template. */
export function readTemplateSizes(): TemplateSizes {
  const parameters = readFileSync('infra/prod.bicepparam', 'utf8');
  const defaults = readFileSync('infra/main.bicep', 'utf8');
  const read = (name: string): number => {
    const pattern = `^param ${name} (?:int )?= (\\d+)$`;
    const [, value] = parameters.match(new RegExp(pattern, 'm')) ?? defaults.match(new RegExp(pattern, 'm')) ?? [];
    if (value === undefined) throw new Error(`The template has no number ${name}.`);
    return Number(value);
  };
  return {
    apiManagementCapacity: read('apiManagementCapacity'),
    concurrentCallsPerApp: read('concurrentCallsPerApp'),
    maximumInstanceCount: read('maximumInstanceCount'),
    sqlVCores: read('sqlVCores'),
    sqlMaxSizeGb: read('sqlMaxSizeGb'),
    cosmosMaxThroughput: read('cosmosMaxThroughput'),
    eventHubsMaximumThroughputUnits: read('eventHubsMaximumThroughputUnits'),
    eventHubsPartitions: read('eventHubsPartitions'),
  };
}
