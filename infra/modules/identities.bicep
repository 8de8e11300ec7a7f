// One identity per app, one for API Management to write telemetry and sign in to the apps, and one for Event Hubs to write its captured events. The modules that
// own a resource give them roles.
import { Identity, IdentityNames, Tags } from 'types.bicep'

@description('Names of the identities.')
param names IdentityNames

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

resource commands 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.commands
  location: location
  tags: tags
}

resource sync 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.sync
  location: location
  tags: tags
}

resource queries 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.queries
  location: location
  tags: tags
}

resource gateway 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.gateway
  location: location
  tags: tags
}

resource capture 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.capture
  location: location
  tags: tags
}

@description('The command app\'s identity.')
output commands Identity = {
  id: commands.id
  clientId: commands.properties.clientId
  principalId: commands.properties.principalId
}

@description('The sync app\'s identity.')
output sync Identity = {
  id: sync.id
  clientId: sync.properties.clientId
  principalId: sync.properties.principalId
}

@description('The query app\'s identity.')
output queries Identity = {
  id: queries.id
  clientId: queries.properties.clientId
  principalId: queries.properties.principalId
}

@description('API Management\'s identity.')
output gateway Identity = {
  id: gateway.id
  clientId: gateway.properties.clientId
  principalId: gateway.properties.principalId
}

@description('The identity with which Event Hubs writes captured events.')
output capture Identity = {
  id: capture.id
  clientId: capture.properties.clientId
  principalId: capture.properties.principalId
}
