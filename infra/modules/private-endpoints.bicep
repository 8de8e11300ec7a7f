// Addresses in the virtual network for resources that have no public ones.

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Subnet of the endpoints.')
param subnetId string

@description('Resource ids of the DNS zones, by group id.')
param zoneIds object

@description('The resources: [{name, resourceId, groupId}]; a group id says which of a resource\'s services is meant.')
param targets array

resource endpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for target in targets: {
    name: 'pep-${target.name}-${toLower(target.groupId)}'
    location: location
    tags: tags
    properties: {
      subnet: { id: subnetId }
      customNetworkInterfaceName: 'nic-${target.name}-${toLower(target.groupId)}'
      privateLinkServiceConnections: [
        {
          name: target.groupId
          properties: { privateLinkServiceId: target.resourceId, groupIds: [target.groupId] }
        }
      ]
    }
  }
]

resource zones 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (target, index) in targets: {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: target.groupId, properties: { privateDnsZoneId: zoneIds[target.groupId] } }]
    }
  }
]
