// Off by default: Azure Stream Analytics computes the live sales of GET /analytics/live from the same events, and writes them into the data lake.
import { roles } from 'roles.bicep'
import { Tags } from 'types.bicep'

@description('Name of the job.')
param name string

@description('Name of the job\'s identity.')
param identityName string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Name of the Event Hubs namespace.')
param eventHubsNamespaceName string

@description('Name of the data lake\'s storage account.')
param lakeName string

@description('Capacity: 3, 7 and 10 are a third, two thirds and one streaming unit of the second version, 20 are two, and so on.')
@minValue(3)
param capacity int

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: identityName
  location: location
  tags: tags
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2026-01-01' existing = {
  name: '${eventHubsNamespaceName}/order-events'
}

// A group of its own: two readers of one group would disconnect each other.
resource group 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2026-01-01' = {
  parent: hub
  name: 'stream-analytics'
}

resource receives 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hub.id, identityName, roles.eventHubsDataReceiver)
  scope: hub
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataReceiver)
  }
}

resource sales 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = {
  name: '${lakeName}/default/live-sales'
  properties: { publicAccess: 'None' }
}

resource writes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(sales.id, identityName, roles.storageBlobDataContributor)
  scope: sales
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
  }
}

// The newest stable version knows neither StandardV2 nor identities that are made before the job.
resource job 'Microsoft.StreamAnalytics/streamingjobs@2021-10-01-preview' = {
  name: name
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    sku: { name: 'StandardV2' }
    jobType: 'Cloud'
    compatibilityLevel: '1.2'
    // Stops instead of leaving out what it cannot write.
    outputErrorPolicy: 'Stop'
    // Windows are of the time of arrival, in which no event is late: both only matter with TIMESTAMP BY.
    eventsLateArrivalMaxDelayInSeconds: 5
    eventsOutOfOrderMaxDelayInSeconds: 0
    eventsOutOfOrderPolicy: 'Adjust'
    inputs: [
      {
        name: 'order-events'
        properties: {
          type: 'Stream'
          datasource: {
            type: 'Microsoft.EventHub/EventHub'
            properties: {
              authenticationMode: 'Msi'
              serviceBusNamespace: eventHubsNamespaceName
              eventHubName: 'order-events'
              consumerGroupName: group.name
            }
          }
          serialization: { type: 'Json', properties: { encoding: 'UTF8' } }
        }
      }
    ]
    outputs: [
      {
        name: 'live-sales'
        properties: {
          datasource: {
            type: 'Microsoft.Storage/Blob'
            properties: {
              authenticationMode: 'Msi'
              storageAccounts: [{ accountName: lakeName }]
              container: 'live-sales'
              pathPattern: '{date}/{time}'
              dateFormat: 'yyyy/MM/dd'
              timeFormat: 'HH'
            }
          }
          serialization: { type: 'Json', properties: { encoding: 'UTF8', format: 'LineSeparated' } }
        }
      }
    ]
    transformation: {
      name: 'live-sales'
      properties: { streamingUnits: capacity, query: loadTextContent('../stream-analytics/live-sales.asaql') }
    }
  }
  dependsOn: [receives, writes]
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: job
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}
