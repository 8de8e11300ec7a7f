import { type ContainerDefinition, PartitionKeyDefinitionVersion, PartitionKeyKind } from '@azure/cosmos';
import { type Container, pathsOf } from '../src/shared/read-models/containers.ts';

/** A container as tests and benchmarks create it with the SDK: with the partition key and the time to live of the template in `infra`, without its indexes. */
export function containerDefinition(container: Container): ContainerDefinition & { readonly id: string } {
  const paths = [...pathsOf(container)];
  const kind = paths.length > 1 ? PartitionKeyKind.MultiHash : PartitionKeyKind.Hash;
  const { name: id, defaultTtl } = container;
  const partitionKey = { paths, kind, version: PartitionKeyDefinitionVersion.V2 };
  return { id, partitionKey, ...(defaultTtl !== undefined && { defaultTtl }) };
}
