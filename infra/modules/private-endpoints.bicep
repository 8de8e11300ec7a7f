// Addresses in the virtual network for resources that have no public ones.
import { EndpointTarget, ResourceIds, Tags } from 'types.bicep'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Subnet of the endpoints.')
param subnetId string

@description('Resource ids of the DNS zones, by group id.')
param zoneIds ResourceIds

@description('The resources.')
param targets EndpointTarget[]

@description('Their resource ids, by name.')
param resourceIds ResourceIds

@description('One element for each endpoint.')
var wanted = flatten(map(
  targets,
  target =>
    map(target.groupIds, groupId => {
      name: target.name
      groupId: groupId
    })
))

// One after the other: a storage account takes one change at a time, and refuses others with StorageAccountOperationInProgress.
@batchSize(1)
resource endpoints 'Microsoft.Network/privateEndpoints@2026-03-01' = [
  for endpoint in wanted: {
    name: 'pep-${endpoint.name}-${toLower(endpoint.groupId)}'
    location: location
    tags: tags
    properties: {
      subnet: { id: subnetId }
      customNetworkInterfaceName: 'nic-${endpoint.name}-${toLower(endpoint.groupId)}'
      privateLinkServiceConnections: [
        {
          name: endpoint.groupId
          properties: { privateLinkServiceId: resourceIds[endpoint.name], groupIds: [endpoint.groupId] }
        }
      ]
    }
  }
]

resource zones 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = [
  for (endpoint, index) in wanted: {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: endpoint.groupId, properties: { privateDnsZoneId: zoneIds[endpoint.groupId] } }]
    }
  }
]
