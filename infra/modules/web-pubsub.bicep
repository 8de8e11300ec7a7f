// Pushes changes of orders to clients over WebSockets. The sync app publishes, the query app signs the addresses that clients connect to.
import { Tags } from 'types.bicep'
import { roles } from 'roles.bicep'

@description('Name of the service, and the first part of its address.')
@minLength(3)
@maxLength(63)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Size. Free_F1: 20 connections, 20,000 messages a day, no private endpoint. Standard_S1: 1,000 connections and 1,000,000 messages a day per unit. Premium_P1: the same, in three zones.')
@allowed(['Free_F1', 'Standard_S1', 'Premium_P1'])
param sku string

@description('Units of the size; Free_F1 has one.')
@minValue(1)
@maxValue(100)
param units int

@description('Names of the identities that publish and sign.')
param ownerNames string[]

@description('Their principal ids, in the same order.')
param ownerPrincipalIds string[]

@description('Whether only clients come in over the public address; apps then use a private endpoint.')
param privateNetwork bool

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

resource service 'Microsoft.SignalRService/webPubSub@2024-03-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku, capacity: units }
  kind: 'WebPubSub'
  properties: {
    disableLocalAuth: true
    tls: { clientCertEnabled: false }
    // Clients are browsers anywhere, so the address stays public for them.
    publicNetworkAccess: 'Enabled'
    networkACLs: privateNetwork
      ? { defaultAction: 'Allow', publicNetwork: { deny: ['ServerConnection', 'RESTAPI', 'Trace'] } }
      : null
    // Who connects and why connections end. A log of each message and request would cost more than they do.
    resourceLogConfiguration: {
      categories: [
        { name: 'ConnectivityLogs', enabled: 'true' }
        { name: 'HttpRequestLogs', enabled: 'false' }
        { name: 'MessagingLogs', enabled: 'false' }
      ]
    }
  }
}

// Clients need an address that the query app has signed.
resource hub 'Microsoft.SignalRService/webPubSub/hubs@2024-03-01' = {
  parent: service
  name: 'orders'
  properties: { anonymousConnectPolicy: 'deny' }
}

resource owners 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (ownerName, index) in ownerNames: {
    name: guid(service.id, ownerName, roles.webPubSubServiceOwner)
    scope: service
    properties: {
      principalId: ownerPrincipalIds[index]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.webPubSubServiceOwner)
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: service
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'ConnectivityLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Resource id of the service.')
output id string = service.id

@description('Address of the service.')
output endpoint string = 'https://${service.properties.hostName}'

@description('Name of the hub.')
output hubName string = hub.name
