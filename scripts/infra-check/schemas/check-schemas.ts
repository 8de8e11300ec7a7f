import { deploymentOf } from '../deployment.ts';
import type { Finding } from '../finding.ts';
import type { Template } from '../template.ts';
import { ObjectValue, type ResourceValue } from '../value.ts';
import { checkObject } from './check-value.ts';
import type { Schema } from './schema.ts';
import type { SchemaResult } from './schema-server.ts';

/** What every resource may have, besides what its schema says. */
const OF_EVERY_RESOURCE: ReadonlySet<string> = new Set(['name', 'parent', 'scope', 'dependsOn']);

/** Every resource of the template, with the values of every parameter file. */
export function resourcesOf(template: Template): readonly ResourceValue[] {
  const files = template.parameterFiles.length > 0 ? template.parameterFiles : [undefined];
  return files.flatMap((file) => deploymentOf(template, file).resources);
}

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

function checkResource({ source, body, parent }: ResourceValue, schema: Schema): readonly Finding[] {
  if (source.existing) return [];
  const own = [...body.properties].filter(([name]) => !OF_EVERY_RESOURCE.has(name));
  const name = body.properties.get('name');
  const asWanted = name ? [...own, ['name', name] as const] : own;
  const findings = checkObject(new ObjectValue(asWanted, body.at), schema.body, source.at, schema);
  const compared = source.apiVersion === schema.apiVersion ? '' : `; compared with ${schema.apiVersion}`;
  const nameless = name === undefined && parent === undefined ? [{ ...source.at, message: 'lacks a name' }] : [];
  return [...findings, ...nameless].map((finding) => ({
    ...finding,
    message: `${finding.message} [${source.type}@${source.apiVersion}${compared}]`,
  }));
}
