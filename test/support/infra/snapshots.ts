import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ENVIRONMENTS } from '../../../scripts/infra-check/snapshot-settings.ts';

/** The project's root. */
export const ROOT = resolve(import.meta.dirname, '../../..');

const resource = z.looseObject({ id: z.string(), type: z.string(), name: z.string(), apiVersion: z.string() });

const snapshotFile = z.object({
  predictedResources: z.array(resource),
  diagnostics: z.array(z.string()),
  outputs: z.record(z.string(), z.unknown()),
});

/** A resource as Azure Resource Manager gets it. A value that only a deployment can tell is an expression: `[reference(…).clientId]`. */
export type Resource = Readonly<z.infer<typeof resource>>;

/** What `bicep snapshot` predicts that one parameter file deploys. */
export interface Snapshot {
  readonly resources: readonly Resource[];
  /** What the prediction had to leave out. */
  readonly diagnostics: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

function read(environment: string): Snapshot {
  const text = readFileSync(join(ROOT, `infra/${environment}.snapshot.json`), 'utf8');
  const { predictedResources, ...others } = snapshotFile.parse(JSON.parse(text));
  return { resources: predictedResources, ...others };
}

/** The committed snapshots, by environment. `npm run infra:check -- --update` writes them. */
export const SNAPSHOTS: readonly (readonly [environment: string, snapshot: Snapshot])[] = ENVIRONMENTS.map(
  (environment) => [environment, read(environment)],
);

/** The texts of the template's files, by path from the project's root: Bicep, parameter files, and what they load. `deploy/` has scripts. */
export const FILES: ReadonlyMap<string, string> = new Map(
  readdirSync(join(ROOT, 'infra'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(bicep|bicepparam|xml|json|asaql)$/.test(path) && !path.endsWith('.snapshot.json'))
    .filter((path) => !path.startsWith('deploy/'))
    .sort()
    .map((path) => [`infra/${path}`, readFileSync(join(ROOT, 'infra', path), 'utf8')]),
);

/** Those of one kind, such as `.bicep`. */
export const filesOf = (extension: string): readonly (readonly [path: string, text: string])[] =>
  [...FILES].filter(([path]) => path.endsWith(extension));

/** The resources of a type. */
export const ofType = ({ resources }: Snapshot, type: string): readonly Resource[] =>
  resources.filter((one) => one.type === type);

/** A text without what makes names unique in Azure: 13 characters that follow from the resource group. */
export const withoutSuffix = (text: string): string => text.replaceAll(SUFFIX, '');
const SUFFIX = suffixPattern();

function suffixPattern(): RegExp {
  const suffixes = SNAPSHOTS.map(([, snapshot]) => {
    const [workspace] = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces');
    return workspace?.name.split('-').at(-1) ?? '';
  });
  return new RegExp(`-?(${suffixes.join('|')})`, 'g');
}

/** A resource's name with those it is in, without what makes it unique in Azure: `evhns-orders/order-events`. */
export const plainName = ({ name }: Resource): string => withoutSuffix(name);

/** The id of the resource that an extension resource, such as a role assignment, belongs to. */
export const scopeOf = ({ id, type }: Resource): string => id.slice(0, id.lastIndexOf(`/providers/${type}/`));

/** A resource's name by its id, with those it is in, without what makes it unique in Azure. */
export const nameOfId = (id: string): string => {
  const [, , ...segments] = id.split('/providers/').at(-1)?.split('/') ?? [];
  return withoutSuffix(segments.filter((_, index) => index % 2 === 0).join('/'));
};

/** A property, however deep: `properties.partitionKey.paths`. */
export const propertyOf = (resource: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (node, name) => (typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined),
      resource,
    );

/** A property that is a text; empty where it is none. */
export const textOf = (resource: unknown, path: string): string => {
  const value = propertyOf(resource, path);
  return typeof value === 'string' ? value : '';
};
