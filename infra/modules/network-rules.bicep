// What the subnets let through, apart from what Azure's own rules say: everything within the network, and nothing from outside.
import { Tags } from 'types.bicep'

@description('The first part of every name.')
param name string

@description('The unique last part of every name.')
param suffix string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('The Log Analytics workspace that gets logs.')
param workspaceId string

// For the subnets from which apps, gateway and operations reach others.
resource outboundRules 'Microsoft.Network/networkSecurityGroups@2026-03-01' = {
  name: 'nsg-${name}-outbound-${suffix}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'allow-https-to-internet'
        properties: {
          description: 'Application Insights, Microsoft Entra, the keys that tokens are signed with, and the webhooks of partners.'
          direction: 'Outbound'
          priority: 100
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRange: '443'
        }
      }
      {
        name: 'deny-internet'
        properties: {
          direction: 'Outbound'
          priority: 200
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

// For the private endpoints: the ports of the services behind them, from within the network.
resource endpointRules 'Microsoft.Network/networkSecurityGroups@2026-03-01' = {
  name: 'nsg-${name}-endpoints-${suffix}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'allow-services-from-network'
        properties: {
          description: 'HTTPS, SQL (1433) and AMQP (5671).'
          direction: 'Inbound'
          priority: 100
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: 'VirtualNetwork'
          destinationPortRanges: ['443', '1433', '5671']
        }
      }
      {
        name: 'deny-others'
        properties: {
          direction: 'Inbound'
          priority: 200
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource outboundRulesDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: outboundRules
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

resource endpointRulesDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: endpointRules
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

@description('Network security group (resource id) of subnets with outbound traffic.')
output outboundId string = outboundRules.id

@description('Network security group (resource id) of the private endpoints.')
output endpointsId string = endpointRules.id
