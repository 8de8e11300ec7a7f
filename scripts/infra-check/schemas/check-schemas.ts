import type { Finding } from '../finding.ts';
import { ObjectValue, type ResourceValue } from '../value.ts';
import { checkObject } from './check-value.ts';
import type { Schema } from './schema.ts';
import type { SchemaResult } from './schema-server.ts';

/** What every resource may have, besides what its schema says. */
const OF_EVERY_RESOURCE: ReadonlySet<string> = new Set(['parent', 'scope', 'dependsOn']);

/** The differences of resources from Azure's schemas. Those without a schema pass, but no type that Azure does not have. */
export function checkSchemas(
  resources: readonly ResourceValue[],
  schemas: ReadonlyMap<string, SchemaResult>,
): readonly Finding[] {
  return resources.flatMap((resource) => {
    const { type, at } = resource.source;
    const result = schemas.get(type);
    if (result?.kind === 'noSuchType') return [{ ...at, message: `Azure has no resource type ${type}` }];
    return result?.kind === 'schema' ? checkResource(resource, result.schema) : [];
  });
}

function checkResource({ source, body }: ResourceValue, schema: Schema): readonly Finding[] {
  if (source.existing) return [];
  const own = [...body.properties].filter(([name]) => !OF_EVERY_RESOURCE.has(name));
  const findings = checkObject(new ObjectValue(own, body.at), schema.body, source.at, schema);
  const compared = source.apiVersion === schema.apiVersion ? '' : `; compared with ${schema.apiVersion}`;
  return findings.map((finding) => ({
    ...finding,
    message: `${finding.message} [${source.type}@${source.apiVersion}${compared}]`,
  }));
}
