import { resolve } from 'node:path';
import { type Deployment, deploymentOf } from '../../scripts/infra-check/deployment.ts';
import { readTemplate } from '../../scripts/infra-check/template.ts';
import { ObjectValue, type ResourceValue, toJson, toText } from '../../scripts/infra-check/value.ts';

/** The project's root. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** The Bicep template in `infra/`, as written. */
export const TEMPLATE = await readTemplate(ROOT);

/** What each parameter file would deploy. What only a deployment can tell stands in braces: `{uniqueString(…)}`. */
export const DEPLOYMENTS: readonly (readonly [environment: string, deployment: Deployment])[] =
  TEMPLATE.parameterFiles.map((file) => [
    file.path.replace(/^infra\/(.*)\.bicepparam$/, '$1'),
    deploymentOf(TEMPLATE, file),
  ]);

/** The resources of a type that are made. */
export const made = ({ resources }: Deployment, type: string): readonly ResourceValue[] =>
  resources.filter(({ source }) => source.type === type && !source.existing && source.condition !== false);

/** A resource's name with those it is in, without what makes it unique in Azure. */
export const plainName = (resource: ResourceValue): string => withoutSuffix(resource.fullName);

/** A text without what makes names unique in Azure. */
export const withoutSuffix = (text: string): string =>
  text.replaceAll(/-?\{uniqueString\(resourceGroup\(\)\.id\)\}/g, '');

/** A property, however deep (`properties.partitionKey.paths`), as plain JSON. */
export function propertyOf(resource: ResourceValue, path: string): unknown {
  const value = path
    .split('.')
    .reduce<ReturnType<ObjectValue['get']>>(
      (object, name) => (object instanceof ObjectValue ? object.get(name) : undefined),
      resource.body,
    );
  return value === undefined ? undefined : toJson(value);
}

/** The same as a text. */
export const textOf = (resource: ResourceValue, path: string): string => {
  const value = propertyOf(resource, path);
  return typeof value === 'string' ? value : toText(null);
};
