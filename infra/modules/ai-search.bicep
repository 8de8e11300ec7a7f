// Searches the lists of orders, products and customers at scale. The sync app makes the indexes and fills them, the query app reads them.
import { roles } from 'roles.bicep'
import { Tags } from 'types.bicep'

@description('Name of the service, and the first part of its address.')
@minLength(2)
@maxLength(60)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Size. basic: 15 GB in a partition, three replicas at most; standard: 160 GB, twelve.')
@allowed(['basic', 'standard', 'standard2', 'standard3'])
param sku string

@description('Replicas, which answer queries. The SLA needs two for queries, and three for changes.')
@minValue(1)
@maxValue(12)
param replicaCount int

@description('Partitions, which hold the indexes.')
@allowed([1, 2, 3, 4, 6, 12])
param partitionCount int

@description('Name of the sync app\'s identity, which makes the indexes and writes documents.')
param syncIdentityName string

@description('That identity\'s principal id.')
param syncPrincipalId string

@description('Name of the query app\'s identity, which reads documents.')
param queriesIdentityName string

@description('That identity\'s principal id.')
param queriesPrincipalId string

@description('Whether the service is reached through a private endpoint only.')
param privateNetwork bool

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

resource service 'Microsoft.Search/searchServices@2025-05-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku }
  properties: {
    replicaCount: replicaCount
    partitionCount: partitionCount
    hostingMode: 'Default'
    disableLocalAuth: true
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    semanticSearch: 'disabled'
  }
}

// The built-in role for indexes, Search Service Contributor, could also delete the service and change its size.
resource indexAuthor 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(service.id, 'index-author')
  properties: {
    roleName: 'Search index author of ${name}'
    description: 'Creates, reads and deletes the indexes of a search service, without their documents.'
    type: 'customRole'
    permissions: [
      {
        actions: [
          'Microsoft.Search/searchServices/indexes/read'
          'Microsoft.Search/searchServices/indexes/write'
          'Microsoft.Search/searchServices/indexes/delete'
        ]
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

resource syncMakesIndexes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(service.id, syncIdentityName, 'index-author')
  scope: service
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: indexAuthor.id
  }
}

resource syncWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(service.id, syncIdentityName, roles.searchIndexDataContributor)
  scope: service
  properties: {
    principalId: syncPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.searchIndexDataContributor
    )
  }
}

resource queriesRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(service.id, queriesIdentityName, roles.searchIndexDataReader)
  scope: service
  properties: {
    principalId: queriesPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.searchIndexDataReader)
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: service
  properties: {
    workspaceId: workspaceId
    // Who has called what. Searches are sent with POST, so their texts are not in the log.
    logs: [{ category: 'OperationLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Resource id of the service.')
output id string = service.id

@description('Address of the service.')
output endpoint string = service.properties.endpoint
