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
@allowed(['S0', 'S1', 'S2', 'S3', 'GP_S_Gen5', 'GP_Gen5', 'BC_Gen5'])
param sku string

@description('vCores of the sizes with Gen5 (of GP_S: the most).')
@minValue(1)
@maxValue(80)
param vCores int

@description('Least vCores of a serverless database, which are paid whenever it is online. A text, since Bicep has no fractions.')
param minVCores string

@description('Most that the database can hold, in GB. Sizes with Gen5 are paid by it.')
@minValue(1)
@maxValue(4096)
param maxSizeGb int

@description('Whether the database is spread over availability zones (sizes with Gen5).')
param zoneRedundant bool

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
var tier = startsWith(sku, 'S') ? 'Standard' : (startsWith(sku, 'BC') ? 'BusinessCritical' : 'GeneralPurpose')

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
    maxSizeBytes: maxSizeGb * 1073741824
    zoneRedundant: isByVCores && zoneRedundant
    // Also in the paired region, from where the database can be restored when this region is lost.
    requestedBackupStorageRedundancy: zoneRedundant ? 'GeoZone' : 'Local'
    autoPauseDelay: isServerless ? -1 : null
    minCapacity: isServerless ? json(minVCores) : null
  }
}

resource backups 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies@2025-01-01' = {
  parent: database
  name: 'default'
  properties: { retentionDays: backupDays, diffBackupIntervalInHours: 24 }
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
output connectionString string = 'Server=${server.properties.fullyQualifiedDomainName},1433;Database=${database.name};Encrypt=true'
