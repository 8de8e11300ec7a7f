import { describe, expect, it } from 'vitest';
import {
  ofType,
  plainName,
  propertyOf,
  type Resource,
  SNAPSHOTS,
  type Snapshot,
  textOf,
} from '../../support/infra/snapshots.ts';

const APPS = ['commands', 'sync', 'queries'];

/** The logs that a resource sends to the workspace: their categories, or groups of them. */
const logsOf = (snapshot: Snapshot, resource: Resource | undefined): readonly string[] =>
  ofType(snapshot, 'Microsoft.Insights/diagnosticSettings')
    .filter(({ id }) => id.startsWith(`${resource?.id}/providers/Microsoft.Insights/`))
    .flatMap((one) => Object.values(Object(propertyOf(one, 'properties.logs'))))
    .map((log) => textOf(log, 'category') || textOf(log, 'categoryGroup'));

const named = (snapshot: Snapshot, type: string, name: string) =>
  ofType(snapshot, type).find((one) => plainName(one) === name);

/** The query of an alert, with what only a deployment can tell as an expression in it. */
const queryOf = (snapshot: Snapshot, alert: string): string =>
  textOf(
    named(snapshot, 'Microsoft.Insights/scheduledQueryRules', `alert-orders-${alert}`),
    'properties.criteria.allOf.0.query',
  );

describe.each(SNAPSHOTS)('the packages of the apps for %s', (_, snapshot) => {
  it('are in an account of their own, a container for each app', () => {
    const containers = ofType(snapshot, 'Microsoft.Storage/storageAccounts/blobServices/containers').map(plainName);
    expect(containers.sort()).toEqual(
      [
        'stlake/default/order-events',
        'stlake/default/tables',
        ...APPS.map((app) => `stpackages/default/${app}`),
      ].sort(),
    );
  });

  it('are where each app starts from', () => {
    for (const app of ofType(snapshot, 'Microsoft.Web/sites')) {
      const [, name = ''] = /^func-orders-(\w+)$/.exec(plainName(app)) ?? [];
      const address = textOf(app, 'properties.functionAppConfig.deployment.storage.value');
      expect(address).toMatch(
        new RegExp(
          `^\\[format\\('\\{0\\}${name}', reference\\('[^']*/stpackages\\w+', '[\\d-]+'\\)\\.primaryEndpoints\\.blob\\)\\]$`,
        ),
      );
    }
  });

  it('can be compared with the ones that they replaced', () => {
    const blobs = named(snapshot, 'Microsoft.Storage/storageAccounts/blobServices', 'stpackages/default');
    expect(propertyOf(blobs, 'properties.isVersioningEnabled')).toBe(true);
    expect(propertyOf(blobs, 'properties.deleteRetentionPolicy')).toEqual({ enabled: true, days: 90 });
  });

  it('raise an alert when they are written', () => {
    const blobs = named(snapshot, 'Microsoft.Storage/storageAccounts/blobServices', 'stpackages/default');
    expect(logsOf(snapshot, blobs)).toEqual(['audit']);
    expect(queryOf(snapshot, 'package-written')).toMatch(
      /StorageBlobLogs[\s\S]*'name-of-the-packages-account', 'stpackages\w+'\)\]$/,
    );
  });

  it('cannot be deployed through the deployment site of an app', () => {
    for (const app of ofType(snapshot, 'Microsoft.Web/sites')) {
      expect(propertyOf(app, 'properties.siteConfig.scmIpSecurityRestrictionsDefaultAction')).toBe('Deny');
      expect(propertyOf(app, 'properties.siteConfig.scmIpSecurityRestrictionsUseMain')).toBe(false);
    }
  });
});

describe('what holds data in prod', () => {
  const [, prod] = SNAPSHOTS.find(([environment]) => environment === 'prod') ?? [];
  if (prod === undefined) throw new Error('There is no snapshot of prod.');
  const locks = ofType(prod, 'Microsoft.Authorization/locks')
    .filter((lock) => propertyOf(lock, 'properties.level') === 'CanNotDelete')
    .map(({ id }) => id);

  it.each([
    'Microsoft.DocumentDB/databaseAccounts',
    'Microsoft.EventHub/namespaces',
    'Microsoft.KeyVault/vaults',
    'Microsoft.OperationalInsights/workspaces',
    'Microsoft.Sql/servers/databases',
  ])('cannot be deleted: %s', (type) => {
    const expected = ofType(prod, type).map(({ id }) => `${id}/providers/Microsoft.Authorization/locks/keep`);
    expect(expected).toHaveLength(1);
    expect(locks).toEqual(expect.arrayContaining(expected));
  });

  it('has a vault that nobody can purge for 90 days', () => {
    const [vault] = ofType(prod, 'Microsoft.KeyVault/vaults');
    expect(propertyOf(vault, 'properties.enablePurgeProtection')).toBe(true);
    expect(propertyOf(vault, 'properties.softDeleteRetentionInDays')).toBe(90);
  });
});

describe('the data lake', () => {
  const policies = (environment: string) =>
    SNAPSHOTS.filter(([name]) => name === environment).flatMap(([, snapshot]) =>
      ofType(snapshot, 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies'),
    );

  it('cannot be changed for a year in prod, except that capture may append', () => {
    expect(policies('prod').map((policy) => [plainName(policy), propertyOf(policy, 'properties')])).toEqual([
      [
        'stlake/default/order-events/default',
        { immutabilityPeriodSinceCreationInDays: 365, allowProtectedAppendWritesAll: true },
      ],
    ]);
  });

  it('can be deleted with a development system', () => {
    expect(policies('dev')).toEqual([]);
  });
});

describe.each(SNAPSHOTS)('the write database for %s', (_, snapshot) => {
  const database = named(snapshot, 'Microsoft.Sql/servers/databases', 'sql-orders/orders');

  it('records what administrators read and change in any table', () => {
    const [audit] = ofType(snapshot, 'Microsoft.Sql/servers/databases/auditingSettings');
    expect(propertyOf(audit, 'properties.auditActionsAndGroups')).toEqual(
      ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((action) => `${action} ON DATABASE::orders BY dbo`),
    );
    expect(propertyOf(audit, 'properties.state')).toBe('Enabled');
    expect(propertyOf(audit, 'properties.isAzureMonitorTargetEnabled')).toBe(true);
    expect(logsOf(snapshot, database)).toContain('SQLSecurityAuditEvents');
  });

  it('records sign-ins, and changes of users, roles and rights', () => {
    const [audit] = ofType(snapshot, 'Microsoft.Sql/servers/auditingSettings');
    expect(propertyOf(audit, 'properties.auditActionsAndGroups')).toEqual(
      expect.arrayContaining(['FAILED_DATABASE_AUTHENTICATION_GROUP', 'DATABASE_ROLE_MEMBER_CHANGE_GROUP']),
    );
  });
});

describe.each(SNAPSHOTS)('the alerts for %s', (environment, snapshot) => {
  const activity = named(snapshot, 'Microsoft.Insights/activityLogAlerts', 'alert-orders-rights-changed');

  it.each([
    ['requests-refused', /ApiManagementGatewayLogs[\s\S]*ResponseCode in \(401, 403\)[\s\S]*AppRequests/],
    ['vault-read', /MICROSOFT\.KEYVAULT/],
    ['database-sign-ins-failing', /DATABASE AUTHENTICATION FAILED/],
    ['database-read', /SQLSecurityAuditEvents/],
    ['package-written', /StorageWrite/],
  ])('include %s', (alert, query) => {
    expect(queryOf(snapshot, alert)).toMatch(query);
  });

  it('fire when anybody but the two apps with a role on the vault uses it', () => {
    const vault = named(snapshot, 'Microsoft.KeyVault/vaults', 'kv-orders');
    const clients = [...queryOf(snapshot, 'vault-read').matchAll(/id-orders-(\w+?)-\w+', '[\d-]+'\)\.clientId/g)];

    expect(clients.map(([, app]) => app)).toEqual(['commands', 'sync']);
    expect(logsOf(snapshot, vault)).toEqual(['audit']);
  });

  const operations = Object.values(Object(propertyOf(activity, 'properties.condition.allOf.2.anyOf'))).map((one) =>
    textOf(one, 'equals'),
  );

  it('report a write of the vault itself, which is part of each deployment, as a change and not as a use of the master key', () => {
    expect(queryOf(snapshot, 'vault-read')).toMatch(/OperationName !in \([^)]*\bVaultPut\b[^)]*\bVaultPatch\b/);
    expect(operations).toContain('Microsoft.KeyVault/vaults/write');
  });

  it('fire when roles, locks, firewall rules or the immutability of the lake change', () => {
    expect(propertyOf(activity, 'properties.scopes')).toHaveLength(1);
    expect(operations).toEqual(
      expect.arrayContaining([
        'Microsoft.Authorization/roleAssignments/write',
        'Microsoft.Authorization/locks/delete',
        'Microsoft.Sql/servers/firewallRules/write',
        'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/delete',
      ]),
    );
  });

  const typesOf = (resources: readonly Resource[]) => [...new Set(resources.map(({ type }) => type))];

  it('fire when a resource changes that says who can reach it', () => {
    const access = /"(disableLocalAuth\w*|publicNetworkAccess\w*|allowSharedKeyAccess|ipSecurityRestrictions|allow)":/i;
    const guarded = typesOf(snapshot.resources.filter(({ properties }) => access.test(JSON.stringify(properties))));

    expect(guarded).toContain('Microsoft.Storage/storageAccounts');
    expect(guarded.map((type) => `${type}/write`).filter((operation) => !operations.includes(operation))).toEqual([]);
  });

  it('fire when rights on documents, audits, policies of the gateway or the receivers of alerts change', () => {
    const kinds =
      /\/(sqlRoleAssignments|auditingSettings|sites\/config|service\/policies|policyFragments|apis\/policies|actionGroups|activityLogAlerts)$/;
    const changed = typesOf(snapshot.resources).filter((type) => kinds.test(type));

    expect(changed.length).toBeGreaterThanOrEqual(9);
    expect(changed.map((type) => `${type}/write`).filter((operation) => !operations.includes(operation))).toEqual([]);
  });

  it('fire when logs or alerts are deleted', () => {
    const watchers = typesOf(snapshot.resources).filter((type) =>
      /^Microsoft\.Insights\/(\w+Alerts|\w+Rules|actionGroups|diagnosticSettings)$/.test(type),
    );

    expect(watchers).toHaveLength(5);
    expect(watchers.map((type) => `${type}/delete`).filter((operation) => !operations.includes(operation))).toEqual([]);
  });

  it('send fewer e-mails after a deployment than Azure sends to an address in an hour', () => {
    const written = snapshot.resources.filter(({ type }) => operations.includes(`${type}/write`));
    const bySqlFirewall = 1;

    expect(written.length + bySqlFirewall).toBeLessThan(100);
  });

  it('notify the action group, in prod', () => {
    expect(propertyOf(activity, 'properties.enabled')).toBe(environment === 'prod');
    expect(propertyOf(activity, 'properties.actions.actionGroups')).toHaveLength(1);
  });
});

describe('Microsoft Defender for Cloud', () => {
  it('has the plans that a parameter names, and none without one', () => {
    const plans = Object.fromEntries(
      SNAPSHOTS.map(([name, snapshot]) => [
        name,
        ofType(snapshot, 'Microsoft.Security/pricings').map((plan) => plan.name),
      ]),
    );
    expect(plans).toEqual({ dev: [], prod: ['Arm', 'KeyVaults', 'SqlServers', 'StorageAccounts'] });
  });
});
