// Addresses in the virtual network for resources that have no public ones.

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Subnet of the endpoints.')
param subnetId string

@description('Resource ids of the DNS zones, by group id.')
param zoneIds object

@description('The resources: [{name, groupIds}]; a group id says which of a resource\'s services is meant.')
param targets array

@description('Their resource ids, by name.')
param resourceIds object

var wanted = flatten(map(
  targets,
  target =>
    map(target.groupIds, groupId => {
      name: target.name
      groupId: groupId
    })
))

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
