// The virtual network: a subnet for the function apps' way out, one for API Management's, one for private endpoints, and one for
// machines from which the system is deployed and looked after; and the DNS zones that give the resources' names private addresses.
// What is outside (the issuer's keys, Application Insights) is reached through a NAT gateway, since a subnet has no other way to the
// internet.
// Flex Consumption needs the resource provider Microsoft.App to be registered in the subscription.
import { ResourceIds, Tags } from 'types.bicep'

@description('The first part of every name.')
param name string

@description('The unique last part of every name.')
param suffix string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Address range of the network; the subnets take its first four /24.')
param addressPrefix string

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

// https://learn.microsoft.com/azure/private-link/private-endpoint-dns
@description('Names of the DNS zones, by the kind of endpoint (its group id).')
var zones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  dfs: 'privatelink.dfs.${environment().suffixes.storage}'
  sqlServer: 'privatelink${environment().suffixes.sqlServerHostname}'
  Sql: 'privatelink.documents.azure.com'
  namespace: 'privatelink.servicebus.windows.net'
  vault: 'privatelink.vaultcore.azure.net'
  sites: 'privatelink.azurewebsites.net'
  webpubsub: 'privatelink.webpubsub.azure.com'
  searchService: 'privatelink.search.windows.net'
}

module rules 'network-rules.bicep' = {
  params: { name: name, suffix: suffix, location: location, tags: tags, workspaceId: workspaceId }
}

resource outboundAddress 'Microsoft.Network/publicIPAddresses@2026-03-01' = {
  name: 'pip-${name}-nat-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

// It is in one zone. StandardV2 would be in all, but cannot be attached to subnets that are delegated to apps
// (https://learn.microsoft.com/azure/nat-gateway/nat-sku#key-limitations-of-standardv2).
resource nat 'Microsoft.Network/natGateways@2026-03-01' = {
  name: 'ng-${name}-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: outboundAddress.id }] }
}

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: 'vnet-${name}-${suffix}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        // All three apps share it. Each instance takes an address.
        name: 'apps'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 0)
          networkSecurityGroup: { id: rules.outputs.outboundId }
          natGateway: { id: nat.id }
          delegations: [{ name: 'flex-consumption', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'gateway'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 1)
          networkSecurityGroup: { id: rules.outputs.outboundId }
          natGateway: { id: nat.id }
          delegations: [{ name: 'api-management', properties: { serviceName: 'Microsoft.Web/serverFarms' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 2)
          networkSecurityGroup: { id: rules.outputs.endpointsId }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
      {
        // Empty: for a runner or the like. A subnet that is not in this list would be deleted by the next deployment.
        name: 'operations'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 3)
          networkSecurityGroup: { id: rules.outputs.outboundId }
          natGateway: { id: nat.id }
        }
      }
    ]
  }

  resource apps 'subnets' existing = { name: 'apps' }
  resource gateway 'subnets' existing = { name: 'gateway' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

resource dnsZones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in items(zones): {
    name: zone.value
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, index) in items(zones): {
    parent: dnsZones[index]
    name: 'to-network'
    location: 'global'
    tags: tags
    properties: { virtualNetwork: { id: network.id }, registrationEnabled: false }
  }
]

resource networkDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: network
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource outboundAddressDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: outboundAddress
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Subnet (resource id) of the function apps\' outbound traffic.')
output appsSubnetId string = network::apps.id
@description('Subnet (resource id) of API Management\'s outbound traffic.')
output gatewaySubnetId string = network::gateway.id
@description('Subnet (resource id) of the private endpoints.')
output endpointsSubnetId string = network::endpoints.id

@description('Resource ids of the DNS zones, by the kind of endpoint (its group id).')
output zoneIds ResourceIds = mapValues(zones, zone => resourceId('Microsoft.Network/privateDnsZones', zone))
