// The data lake: every event as Event Hubs has captured it, and the tables that the sync app makes of them, for the analysts.
import { roles } from 'roles.bicep'
import { Tags } from 'types.bicep'

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Name of the identity with which Event Hubs writes.')
param captureIdentityName string

@description('That identity\'s principal id.')
param capturePrincipalId string

@description('Name of the sync app\'s identity, which makes the tables.')
param syncIdentityName string

@description('That identity\'s principal id.')
param syncPrincipalId string

@description('Whether files are kept in three availability zones.')
param zoneRedundant bool

@description('Whether the account is reached through private endpoints only.')
param privateNetwork bool

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

@description('Days for which nobody can change or delete a captured file. 0: no limit.')
@minValue(0)
@maxValue(146000)
param immutableDays int

@description('Whether the limit was locked by hand: then nobody can shorten it, and the template does not change it.')
param immutabilityLocked bool

@description('Whether the account is protected from deletion.')
param locked bool

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    isHnsEnabled: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // Event Hubs writes from outside the network, as a trusted service: the firewall has to be there to let it in.
    publicNetworkAccess: 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: privateNetwork ? 'Deny' : 'Allow' }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: account
  name: 'default'
  properties: { deleteRetentionPolicy: { enabled: true, days: 14 } }
}

resource events 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = {
  parent: blobs
  name: 'order-events'
  properties: { publicAccess: 'None' }
}

// Delta tables without personal data. They can be made again from the captured events.
resource tables 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = {
  parent: blobs
  name: 'tables'
  properties: { publicAccess: 'None' }
}

// A file can grow while it is captured. Within these days, nobody can change or delete it, not even an identity with the right to write.
resource immutability 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2026-06-01' = if (immutableDays > 0 && !immutabilityLocked) {
  parent: events
  name: 'default'
  properties: { immutabilityPeriodSinceCreationInDays: immutableDays, allowProtectedAppendWritesAll: true }
}

// Nothing is deleted: what was personal in an erased customer's events can be read by nobody.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2026-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'old-events-are-read-seldom'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${events.name}/'] }
            actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 60 } } }
          }
        }
      ]
    }
  }
}

resource captureWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(events.id, captureIdentityName, roles.storageBlobDataContributor)
  scope: events
  properties: {
    principalId: capturePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
  }
}

resource syncReadsEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(events.id, syncIdentityName, roles.storageBlobDataReader)
  scope: events
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
  }
}

resource syncWritesTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(tables.id, syncIdentityName, roles.storageBlobDataContributor)
  scope: tables
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
  }
}

resource accountDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

// Also who has read what.
resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: blobs
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep'
  scope: account
  properties: { level: 'CanNotDelete' }
}

@description('Resource id of the account.')
output id string = account.id
@description('Name of the container with the captured events.')
output containerName string = events.name
@description('Address of the account\'s blobs.')
output blobEndpoint string = account.properties.primaryEndpoints.blob
