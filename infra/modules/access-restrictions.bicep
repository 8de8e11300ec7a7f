// Lets API Management, and nobody else, reach the apps' HTTP functions. It stands apart from the apps, since API Management must know
// their addresses, and they those of API Management.

@description('Names of the function apps.')
param appNames string[]

@description('Addresses from which API Management calls its backends. Empty: it has none of its own.')
param gatewayIpAddresses string[]

@description('Azure region, whose addresses are let in where API Management has none of its own.')
param location string

@description('Lets in API Management by its addresses.')
var fromGateway = [
  for (address, index) in gatewayIpAddresses: {
    name: 'api-management-${index}'
    action: 'Allow'
    priority: 100 + index
    tag: 'Default'
    ipAddress: '${address}/32'
  }
]

// Anything that runs in the region's data centers can connect. The apps still refuse it, because they require a token of API Management's
// identity.
@description('Lets in the Azure region, where API Management has no addresses of its own.')
var fromRegion = [
  {
    name: 'azure-region'
    action: 'Allow'
    priority: 100
    tag: 'ServiceTag'
    ipAddress: 'AzureCloud.${location}'
  }
]

resource apps 'Microsoft.Web/sites@2025-03-01' existing = [
  for name in appNames: {
    name: name
  }
]

resource web 'Microsoft.Web/sites/config@2025-03-01' = [
  for (name, index) in appNames: {
    parent: apps[index]
    name: 'web'
    properties: {
      ipSecurityRestrictions: empty(gatewayIpAddresses) ? fromRegion : fromGateway
      ipSecurityRestrictionsDefaultAction: 'Deny'
    }
  }
]
