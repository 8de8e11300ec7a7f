// The write database. Only Entra identities sign in: a group as administrators, the apps as users that deploy.sh makes.
import { Tags } from 'types.bicep'

@description('Name of the server.')
@minLength(1)
@maxLength(63)
param serverName string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Name of the Entra group of administrators.')
param administratorsName string

@description('Object id of the Entra group of administrators.')
param administratorsId string

@description('''
What the database runs on. The outbox is looked through every few seconds and its age reported, so the database is never idle:
a serverless one (GP_S) never pauses, and costs more than a provisioned one of the size that it needs all the time.
It is the choice where the load has high peaks and long lows.
''')
@allowed(['S0', 'S1', 'S2', 'S3', 'GP_S_Gen5', 'GP_Gen5', 'BC_Gen5', 'HS_Gen5'])
param sku string

@description('vCores of the sizes with Gen5 (of GP_S: the most).')
@minValue(1)
@maxValue(80)
param vCores int

@description('Least vCores of a serverless database, which are paid whenever it is online. A text, since Bicep has no fractions.')
param minVCores string

@description('Most that the database can hold, in GB. Sizes with Gen5 are paid by it; HS_Gen5 has no limit and is paid by what it holds.')
@minValue(1)
@maxValue(4096)
param maxSizeGb int

@description('Whether the database is spread over availability zones (sizes with Gen5).')
param zoneRedundant bool

@description('''
The readable replica that answers some of the apps' reads. secondary: the secondary replica that BC_Gen5 has anyway, and that HS_Gen5
then gets. named: a named replica of HS_Gen5, with a size of its own. none: the primary answers everything.
''')
@allowed(['none', 'secondary', 'named'])
param replica string

@description('vCores of the named replica.')
@minValue(2)
@maxValue(80)
param replicaVCores int

@description('Days back to which the database can be restored.')
@minValue(1)
@maxValue(35)
param backupDays int

@description('Whether the server is reached through a private endpoint only.')
param privateNetwork bool

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

@description('Whether the database is protected from deletion.')
param locked bool

@description('Whether the size is counted in vCores.')
var isByVCores = endsWith(sku, 'Gen5')
@description('Whether the database is serverless.')
var isServerless = sku == 'GP_S_Gen5'
@description('Azure\'s tier of the size.')
var tier = startsWith(sku, 'S') ? 'Standard' : tiers[split(sku, '_')[0]]
@description('Azure\'s tiers of the sizes that are counted in vCores.')
var tiers = { GP: 'GeneralPurpose', BC: 'BusinessCritical', HS: 'Hyperscale' }
@description('Whether the database is in the tier Hyperscale, the only one with named replicas.')
var isHyperscale = sku == 'HS_Gen5'
@description('The replica, if a database of this size can have it.')
var possibleReplica = replica == 'none' || isHyperscale || (replica == 'secondary' && sku == 'BC_Gen5')
  ? replica
  : fail('sqlReplica: a secondary needs sqlSku BC_Gen5 or HS_Gen5, a named replica HS_Gen5.')

resource server 'Microsoft.Sql/servers@2025-01-01' = {
  name: serverName
  location: location
  tags: tags
  properties: {
    version: '12.0'
    administrators: {
      administratorType: 'ActiveDirectory'
      principalType: 'Group'
      login: administratorsName
      sid: administratorsId
      tenantId: subscription().tenantId
      azureADOnlyAuthentication: true
    }
    minimalTlsVersion: '1.2'
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
  }
}

// From Azure only. Flex Consumption apps have no addresses of their own that could be named here.
resource fromAzure 'Microsoft.Sql/servers/firewallRules@2025-01-01' = if (!privateNetwork) {
  parent: server
  name: 'AllowAllWindowsAzureIps'
  properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' }
}

resource database 'Microsoft.Sql/servers/databases@2025-01-01' = {
  parent: server
  name: 'orders'
  location: location
  tags: tags
  sku: isByVCores ? { name: sku, tier: tier, family: 'Gen5', capacity: vCores } : { name: sku, tier: tier }
  properties: {
    collation: 'SQL_Latin1_General_CP1_CI_AS'
    maxSizeBytes: isHyperscale ? null : maxSizeGb * 1073741824
    zoneRedundant: isByVCores && zoneRedundant
    // Also in the paired region, from where the database can be restored when this region is lost.
    requestedBackupStorageRedundancy: zoneRedundant ? 'GeoZone' : 'Local'
    autoPauseDelay: isServerless ? -1 : null
    minCapacity: isServerless ? json(minVCores) : null
    // The secondary that takes over when the primary is lost, which a zone-redundant database must have. It is readable.
    highAvailabilityReplicaCount: isHyperscale ? (zoneRedundant || possibleReplica == 'secondary' ? 1 : 0) : null
    readScale: sku == 'BC_Gen5' ? (possibleReplica == 'secondary' ? 'Enabled' : 'Disabled') : null
  }
}

// On the same server, and so behind the same private endpoint, and with the same users: they are part of the data.
resource namedReplica 'Microsoft.Sql/servers/databases@2025-01-01' = if (possibleReplica == 'named') {
  parent: server
  name: 'orders-replica'
  location: location
  tags: tags
  sku: { name: 'HS_Gen5', tier: 'Hyperscale', family: 'Gen5', capacity: replicaVCores }
  properties: {
    createMode: 'Secondary'
    secondaryType: 'Named'
    sourceDatabaseId: database.id
    // Without it, the primary answers until the replica has started again.
    highAvailabilityReplicaCount: 0
  }
}

resource backups 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies@2025-01-01' = {
  parent: database
  name: 'default'
  // Hyperscale has snapshots instead of differential backups, and refuses an interval.
  properties: { retentionDays: backupDays, diffBackupIntervalInHours: isHyperscale ? null : 24 }
}

// Who has signed in, who was refused, and what was done to users, roles and rights.
resource auditing 'Microsoft.Sql/servers/auditingSettings@2025-01-01' = {
  parent: server
  name: 'default'
  properties: {
    state: 'Enabled'
    isAzureMonitorTargetEnabled: true
    auditActionsAndGroups: [
      'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP'
      'FAILED_DATABASE_AUTHENTICATION_GROUP'
      'DATABASE_PRINCIPAL_CHANGE_GROUP'
      'DATABASE_ROLE_MEMBER_CHANGE_GROUP'
      'DATABASE_PERMISSION_CHANGE_GROUP'
      'SCHEMA_OBJECT_PERMISSION_CHANGE_GROUP'
    ]
  }
}

// Audits what people read and change in tables. They are administrators, and so dbo: the apps can only call procedures, and a record of each call would
// cost more than the database. It covers the whole database, because its tables are created after the template. The server's audit records new users and rights.
resource tableAuditing 'Microsoft.Sql/servers/databases/auditingSettings@2025-01-01' = {
  parent: database
  name: 'default'
  properties: {
    state: 'Enabled'
    isAzureMonitorTargetEnabled: true
    auditActionsAndGroups: map(
      ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
      action => '${action} ON DATABASE::${database.name} BY dbo'
    )
  }
}

// How queries run is in the database's own Query Store.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: database
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'Errors', enabled: true }
      { category: 'Timeouts', enabled: true }
      { category: 'Blocks', enabled: true }
      { category: 'Deadlocks', enabled: true }
      { category: 'SQLSecurityAuditEvents', enabled: true }
    ]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource replicaDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (possibleReplica == 'named') {
  name: 'to-workspace'
  scope: namedReplica
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'Errors', enabled: true }
      { category: 'Timeouts', enabled: true }
    ]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

// The server's audit goes to the workspace through its master database.
resource master 'Microsoft.Sql/servers/databases@2025-01-01' existing = {
  parent: server
  name: 'master'
}

resource auditDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit-to-workspace'
  scope: master
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'SQLSecurityAuditEvents', enabled: true }]
  }
  dependsOn: [database]
}

// Not of the server, whose firewall rules are deleted after each deployment.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep'
  scope: database
  properties: { level: 'CanNotDelete' }
}

@description('The part of connection strings that names the server.')
var address = 'Server=${server.properties.fullyQualifiedDomainName},1433'

@description('Resource id of the server.')
output id string = server.id
@description('Name of the server.')
output serverName string = server.name
@description('Host name of the server.')
output serverFullyQualifiedName string = server.properties.fullyQualifiedDomainName
@description('Resource id of the database.')
output databaseId string = database.id
@description('Name of the database.')
output databaseName string = database.name

@description('Connection string without user and password: the apps sign in with tokens of their identities.')
output connectionString string = '${address};Database=${database.name};Encrypt=true'

@description('Connection string of the readable replica; empty: there is none.')
output replicaConnectionString string = possibleReplica == 'named'
  ? '${address};Database=${namedReplica.name};Encrypt=true'
  : (possibleReplica == 'secondary'
      ? '${address};Database=${database.name};Encrypt=true;ApplicationIntent=ReadOnly'
      : '')
