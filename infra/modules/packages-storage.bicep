// The deployed packages, separate from the apps' host storage: an app can read its own package, and can write none. Whoever deploys writes them, and
// each write is logged and raises an alert.
import { roles } from 'roles.bicep'
import { IdentityOfEachApp, Tags, TextOfEachApp } from 'types.bicep'

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Names of the apps\' identities.')
param identityNames TextOfEachApp

@description('Identities of the apps.')
param identities IdentityOfEachApp

@description('Whether packages are kept in three availability zones.')
param zoneRedundant bool

@description('Whether the account is reached through a private endpoint only.')
param privateNetwork bool

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

@description('The apps, each with a container of its own.')
var apps = ['commands', 'sync', 'queries']

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'None', defaultAction: privateNetwork ? 'Deny' : 'Allow' }
  }
}

// Keeps replaced packages, to compare them with the new ones.
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: account
  name: 'default'
  properties: { isVersioningEnabled: true, deleteRetentionPolicy: { enabled: true, days: 90 } }
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = [
  for app in apps: {
    parent: blobs
    name: app
    properties: { publicAccess: 'None' }
  }
]

resource readers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (app, index) in apps: {
    name: guid(containers[index].id, identityNames[app], roles.storageBlobDataReader)
    scope: containers[index]
    properties: {
      principalId: identities[app].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
    }
  }
]

resource accountDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

// Logs who has read, replaced or deleted a package.
resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: blobs
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

@description('Resource id of the account.')
output id string = account.id
@description('Name of the account.')
output accountName string = account.name
@description('Address of the container of each app.')
output containerUrls TextOfEachApp = {
  commands: '${account.properties.primaryEndpoints.blob}commands'
  sync: '${account.properties.primaryEndpoints.blob}sync'
  queries: '${account.properties.primaryEndpoints.blob}queries'
}
