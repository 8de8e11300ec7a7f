import { describe, expect, it } from 'vitest';
import { DEAD_LETTERS, READ_MODEL_CONTAINERS, SEARCH_INDEXES } from '../../../src/shared/read-models/containers.ts';
import {
  nameOfId,
  ofType,
  propertyOf,
  type Resource,
  SNAPSHOTS,
  type Snapshot,
  scopeOf,
  textOf,
  withoutSuffix,
} from '../../support/infra/snapshots.ts';

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLES: Readonly<Record<string, string>> = {
  'a638d3c7-ab3a-418d-83e6-5f17a39d4fde': 'Event Hubs Data Receiver',
  '2b629674-e913-4c01-ae53-ef4638d8f975': 'Event Hubs Data Sender',
  'e147488a-f6f5-4113-8e2d-b22465e65bf6': 'Key Vault Crypto Service Encryption User',
  '4633458b-17de-408a-b874-0445c86b69e6': 'Key Vault Secrets User',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  '8ebe5a00-799e-43f5-93ac-243d3dce84a7': 'Search Index Data Contributor',
  '1407120a-92aa-4202-b7e9-c0e197c71c8f': 'Search Index Data Reader',
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': 'Storage Blob Data Reader',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  '12cf5a90-567b-43ae-8102-96cf46c7d9b4': 'Web PubSub Service Owner',
};

/** https://learn.microsoft.com/azure/cosmos-db/nosql/security/reference-data-plane-roles */
const COSMOS_ROLES: Readonly<Record<string, string>> = {
  '00000000-0000-0000-0000-000000000001': 'Cosmos DB Data Reader',
  '00000000-0000-0000-0000-000000000002': 'Cosmos DB Data Contributor',
};

/** The containers that queries read. */
const READ_MODELS = [...READ_MODEL_CONTAINERS, DEAD_LETTERS, SEARCH_INDEXES].map(({ name }) => name).toSorted();

/** What the Functions host keeps there: leases of timers and partitions, keys. It only reads the package, from another account. */
const hostStorage = (account: string) => [
  `Storage Blob Data Reader on stpackages/default/${account.slice(2)}`,
  `Storage Blob Data Owner on ${account}`,
  `Storage Queue Data Contributor on ${account}`,
  `Storage Table Data Contributor on ${account}`,
];

/** All that each identity may do. Rights in the write database are not Azure's to give: the roles there are the migrations'. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  commands: [
    'Cosmos DB Data Contributor on orders/app_figures',
    'Event Hubs Data Sender on evhns-orders/order-events',
    'Key Vault Crypto Service Encryption User on kv-orders/master-key',
    'Key Vault Secrets User on kv-orders',
    'Monitoring Metrics Publisher on appi-orders',
    ...hostStorage('stcommands'),
  ],
  sync: [
    ...[...READ_MODELS, 'replays', 'webhook_deliveries', 'app_figures'].map(
      (container) => `Cosmos DB Data Contributor on orders/${container}`,
    ),
    'Event Hubs Data Receiver on evhns-orders/order-events',
    'Event Hubs Data Receiver on evhns-orders/order-events-replay',
    'Event Hubs Data Sender on evhns-orders/order-events-replay',
    'Key Vault Crypto Service Encryption User on kv-orders/master-key',
    'Key Vault Secrets User on kv-orders',
    'Monitoring Metrics Publisher on appi-orders',
    'Storage Blob Data Contributor on stlake/default/tables',
    'Storage Blob Data Reader on stlake/default/order-events',
    'Web PubSub Service Owner on wps-orders',
    ...hostStorage('stsync'),
  ],
  queries: [
    ...READ_MODELS.map((container) => `Cosmos DB Data Reader on orders/${container}`),
    'Cosmos DB Data Contributor on orders/app_figures',
    'Monitoring Metrics Publisher on appi-orders',
    'Web PubSub Service Owner on wps-orders',
    ...hostStorage('stqueries'),
  ],
  capture: ['Storage Blob Data Contributor on stlake/default/order-events'],
  gateway: ['Monitoring Metrics Publisher on appi-orders'],
};

/** What is added where there is a search service. */
const SEARCH_RIGHTS: Readonly<Record<string, readonly string[]>> = {
  sync: ['Search index author of srch-orders on srch-orders', 'Search Index Data Contributor on srch-orders'],
  queries: ['Search Index Data Reader on srch-orders'],
};

/** The name of the identity that gets a role: `commands` of `id-orders-commands`. */
const holder = (assignment: Resource): string => {
  const principal = withoutSuffix(textOf(assignment, 'properties.principalId'));
  return /^\[reference\('[^']*\/id-orders-(\w+)', '[\d-]+'\)\.principalId\]$/.exec(principal)?.[1] ?? principal;
};

function azureRight(assignment: Resource, snapshot: Snapshot): string {
  const role = textOf(assignment, 'properties.roleDefinitionId').split('/').at(-1) ?? '';
  const own = ofType(snapshot, 'Microsoft.Authorization/roleDefinitions').find(({ name }) => name === role);
  const ownName = own && withoutSuffix(textOf(own, 'properties.roleName'));
  return `${ROLES[role] ?? ownName ?? `unknown role ${role}`} on ${nameOfId(scopeOf(assignment))}`;
}

function cosmosRight(assignment: Resource): string {
  const role = textOf(assignment, 'properties.roleDefinitionId').split('/').at(-1) ?? '';
  const scope = textOf(assignment, 'properties.scope').replace(/^.*\/dbs\/(\w+)\/colls\/(\w+)$/, '$1/$2');
  return `${COSMOS_ROLES[role] ?? `unknown role ${role}`} on ${scope}`;
}

function rightsIn(snapshot: Snapshot): Readonly<Record<string, readonly string[]>> {
  const given = [
    ...ofType(snapshot, 'Microsoft.Authorization/roleAssignments').map(
      (one) => [holder(one), azureRight(one, snapshot)] as const,
    ),
    ...ofType(snapshot, 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments').map(
      (one) => [holder(one), cosmosRight(one)] as const,
    ),
  ];
  const byHolder = Object.groupBy(given, ([name]) => name);
  return Object.fromEntries(
    Object.entries(byHolder).map(([name, rights = []]) => [name, rights.map(([, right]) => right).sort()]),
  );
}

describe.each(SNAPSHOTS)('the rights that the template for %s gives', (_, snapshot) => {
  const rights = rightsIn(snapshot);

  it.each(Object.entries(RIGHTS))('%s are those that its side needs, and no more', (identity, expected) => {
    const hasSearch = ofType(snapshot, 'Microsoft.Search/searchServices').length > 0;
    const withSearch = [...expected, ...(hasSearch ? (SEARCH_RIGHTS[identity] ?? []) : [])];
    expect(rights[identity]).toEqual(withSearch.sort());
  });

  it('include one role of its own, which makes indexes and nothing else', () => {
    const own = ofType(snapshot, 'Microsoft.Authorization/roleDefinitions');
    const actions = own.map((one) => propertyOf(one, 'properties.permissions'));
    const indexes = ['read', 'write', 'delete'].map((action) => `Microsoft.Search/searchServices/indexes/${action}`);
    const services = ofType(snapshot, 'Microsoft.Search/searchServices');
    expect(actions).toEqual(
      services.map(() => [{ actions: indexes, notActions: [], dataActions: [], notDataActions: [] }]),
    );
  });

  it('are given to no one else', () => {
    expect(Object.keys(rights).sort()).toEqual(Object.keys(RIGHTS).sort());
  });
});
