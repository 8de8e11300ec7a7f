// The namespace with the hub that all events are published to, and the hub that replays go through.
import { roles } from 'roles.bicep'
import { Tags } from 'types.bicep'

@description('Name of the namespace.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Tier. Capture needs Standard or Premium; on Standard the number of partitions can never change.')
@allowed(['Standard', 'Premium'])
param tier string

@description('Throughput units (Standard: 1 MB/s or 1,000 events/s in, twice that out, each) or processing units (Premium).')
@minValue(1)
param capacity int

@description('Up to how many throughput units a Standard namespace grows by itself.')
@minValue(1)
@maxValue(40)
param maximumThroughputUnits int

@description('Partitions of each hub: the most instances that can work on one read model at the same time.')
@minValue(1)
@maxValue(32)
param partitionCount int

@description('Hours for which a hub keeps events. What is older comes from the event log in SQL, by a replay. 168 at most on Standard.')
@minValue(1)
@maxValue(2160)
param retentionHours int

@description('Name of the command app\'s identity, which sends to order-events.')
param commandsIdentityName string

@description('That identity\'s principal id.')
param commandsPrincipalId string

@description('Name of the sync app\'s identity, which receives from both hubs, and sends replays.')
param syncIdentityName string

@description('That identity\'s principal id.')
param syncPrincipalId string

@description('The identity (resource id) with which captured events are written.')
param captureIdentityId string

@description('The data lake\'s storage account (resource id).')
param lakeId string

@description('The data lake\'s container.')
param lakeContainerName string

@description('Whether the namespace is reached through a private endpoint only.')
param privateNetwork bool

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

@description('Whether the namespace is protected from deletion.')
param locked bool

@description('One consumer group for each read model, by the names that the code uses.')
var consumerGroups = [
  'order-details'
  'customer-orders'
  'order-search'
  'shipping-board'
  'sales-daily'
  'sales-live'
  'catalogue'
]

@description('Read order-events only: a replay of read models changes nothing that clients and partners have not seen.')
var groupsOfLiveEvents = ['push', 'webhooks']

resource namespace 'Microsoft.EventHub/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: tier, tier: tier, capacity: capacity }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${captureIdentityId}': {} } }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    isAutoInflateEnabled: tier == 'Standard' && maximumThroughputUnits > capacity
    maximumThroughputUnits: tier == 'Standard' && maximumThroughputUnits > capacity ? maximumThroughputUnits : 0
  }
}

resource events 'Microsoft.EventHub/namespaces/eventhubs@2026-01-01' = {
  parent: namespace
  name: 'order-events'
  properties: {
    partitionCount: partitionCount
    retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: retentionHours }
    captureDescription: {
      enabled: true
      encoding: 'Avro'
      intervalInSeconds: 300
      sizeLimitInBytes: 104857600
      skipEmptyArchives: true
      destination: {
        name: 'EventHubArchive.AzureBlockBlob'
        identity: { type: 'UserAssigned', userAssignedIdentity: captureIdentityId }
        properties: {
          storageAccountResourceId: lakeId
          blobContainer: lakeContainerName
          // The day stands before the partition, so that a query of some days reads only their folders.
          archiveNameFormat: '{Namespace}/{EventHub}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}/{PartitionId}'
        }
      }
    }
  }
}

// One after the other: a namespace refuses changes while another is under way.
@batchSize(1)
resource eventGroups 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2026-01-01' = [
  for group in concat(consumerGroups, groupsOfLiveEvents): {
    parent: events
    name: group
  }
]

// Not captured: what is replayed is in the data lake already.
resource replays 'Microsoft.EventHub/namespaces/eventhubs@2026-01-01' = {
  parent: namespace
  name: 'order-events-replay'
  properties: {
    partitionCount: partitionCount
    retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: retentionHours }
  }
  dependsOn: [eventGroups]
}

@batchSize(1)
resource replayGroups 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2026-01-01' = [
  for group in consumerGroups: {
    parent: replays
    name: group
  }
]

resource commandsSend 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(events.id, commandsIdentityName, roles.eventHubsDataSender)
  scope: events
  properties: {
    principalId: commandsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataSender)
  }
}

// On the hubs, not on their consumer groups: the trigger also asks for the hub's partitions, which a right on a group does not
// cover (https://github.com/Azure/azure-sdk-for-net/issues/45372).
resource syncReceives 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(events.id, syncIdentityName, roles.eventHubsDataReceiver)
  scope: events
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataReceiver)
  }
}

resource syncReceivesReplays 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(replays.id, syncIdentityName, roles.eventHubsDataReceiver)
  scope: replays
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataReceiver)
  }
}

resource syncSendsReplays 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(replays.id, syncIdentityName, roles.eventHubsDataSender)
  scope: replays
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataSender)
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    // Capture's failures in a table of their own, which an alert reads.
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep'
  scope: namespace
  properties: { level: 'CanNotDelete' }
}

@description('Resource id of the namespace.')
output id string = namespace.id
@description('Host name of the namespace.')
output fullyQualifiedNamespace string = split(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':')[0]
