// The read database: a container per read model, and those for dead letters, the progress of replays and messages for partners.
import { containers, readByQueries, writtenByAll } from 'cosmos-containers.bicep'
import { Tags } from 'types.bicep'
import { cosmosRoles } from 'roles.bicep'

@description('Name of the account.')
@minLength(3)
@maxLength(44)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('serverless: paid per request, up to 5,000 RU/s per physical partition, one region. autoscale: paid per hour, from a tenth of the maximum up.')
@allowed(['serverless', 'autoscale'])
param mode string

@description('Most RU/s of each read model (autoscale).')
@minValue(1000)
param maxThroughput int

@description('Name of the sync app\'s identity, which reads and writes all containers.')
param syncIdentityName string

@description('That identity\'s principal id.')
param syncPrincipalId string

@description('Name of the query app\'s identity, which reads the containers that its queries are about.')
param queriesIdentityName string

@description('That identity\'s principal id.')
param queriesPrincipalId string

@description('Name of the command app\'s identity, which writes figures and nothing else.')
param commandsIdentityName string

@description('That identity\'s principal id.')
param commandsPrincipalId string

@description('Whether the account is spread over availability zones.')
param zoneRedundant bool

@description('Whether the account is reached through a private endpoint only.')
param privateNetwork bool

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

@description('Whether the account is protected from deletion.')
param locked bool

resource account 'Microsoft.DocumentDB/databaseAccounts@2026-03-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: [{ locationName: location, failoverPriority: 0, isZoneRedundant: zoneRedundant }]
    capabilities: mode == 'serverless' ? [{ name: 'EnableServerless' }] : []
    // The projections rely on seeing every write (docs/decisions/0011); the query app asks for less, which costs half.
    consistencyPolicy: { defaultConsistencyLevel: 'Strong' }
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    // 0.0.0.0: from Azure only. Flex Consumption apps have no addresses of their own that could be named here.
    ipRules: privateNetwork ? [] : [{ ipAddressOrRange: '0.0.0.0' }]
    networkAclBypass: 'None'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2026-03-15' = {
  parent: account
  name: 'orders'
  properties: { resource: { id: 'orders' } }
}

resource sqlContainers 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2026-03-15' = [
  for container in containers: {
    parent: database
    name: container.name
    properties: {
      resource: {
        id: container.name
        partitionKey: {
          kind: length(container.partitionKey) > 1 ? 'MultiHash' : 'Hash'
          version: 2
          paths: container.partitionKey
        }
        defaultTtl: container.defaultTtl
        indexingPolicy: {
          indexingMode: 'consistent'
          automatic: true
          includedPaths: [for path in container.indexed: { path: path }]
          excludedPaths: [{ path: '/*' }]
        }
      }
      options: mode == 'serverless'
        ? {}
        : { autoscaleSettings: { maxThroughput: container.isReadModel ? maxThroughput : 1000 } }
    }
  }
]

// One after the other: the account takes one change at a time.
@batchSize(1)
resource syncWrites 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2026-03-15' = [
  for (container, index) in containers: {
    parent: account
    name: guid(sqlContainers[index].id, syncIdentityName, cosmosRoles.dataContributor)
    properties: {
      principalId: syncPrincipalId
      roleDefinitionId: '${account.id}/sqlRoleDefinitions/${cosmosRoles.dataContributor}'
      scope: '${account.id}/dbs/${database.name}/colls/${container.name}'
    }
  }
]

@batchSize(1)
resource queriesRead 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2026-03-15' = [
  for name in readByQueries: {
    parent: account
    name: guid(database.id, name, queriesIdentityName, cosmosRoles.dataReader)
    properties: {
      principalId: queriesPrincipalId
      roleDefinitionId: '${account.id}/sqlRoleDefinitions/${cosmosRoles.dataReader}'
      scope: '${account.id}/dbs/${database.name}/colls/${name}'
    }
    dependsOn: [syncWrites]
  }
]

@description('The identities that write figures, besides that of the sync app.')
var figuresWriters = [
  { name: commandsIdentityName, principalId: commandsPrincipalId }
  { name: queriesIdentityName, principalId: queriesPrincipalId }
]

@batchSize(1)
resource writesFigures 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2026-03-15' = [
  for writer in figuresWriters: {
    parent: account
    name: guid(database.id, writtenByAll, writer.name, cosmosRoles.dataContributor)
    properties: {
      principalId: writer.principalId
      roleDefinitionId: '${account.id}/sqlRoleDefinitions/${cosmosRoles.dataContributor}'
      scope: '${account.id}/dbs/${database.name}/colls/${writtenByAll}'
    }
    dependsOn: [queriesRead]
  }
]

// No log of each request, which would cost more than the requests: DataPlaneRequests5M adds them up over five minutes.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      { category: 'ControlPlaneRequests', enabled: true }
      { category: 'DataPlaneRequests5M', enabled: true }
    ]
    metrics: [{ category: 'Requests', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep'
  scope: account
  properties: { level: 'CanNotDelete' }
}

@description('Resource id of the account.')
output id string = account.id
@description('Address of the account.')
output endpoint string = account.properties.documentEndpoint
@description('Name of the database.')
output databaseName string = database.name
