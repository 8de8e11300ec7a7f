// One identity per app, one for API Management to write telemetry, and one for Event Hubs to write its captured events. The modules that
// own a resource give them roles.

@description('Names of the identities: {commands, sync, queries, gateway, capture}.')
param names object

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

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

output commands object = {
  id: commands.id
  clientId: commands.properties.clientId
  principalId: commands.properties.principalId
}

output sync object = {
  id: sync.id
  clientId: sync.properties.clientId
  principalId: sync.properties.principalId
}

output queries object = {
  id: queries.id
  clientId: queries.properties.clientId
  principalId: queries.properties.principalId
}

output gateway object = {
  id: gateway.id
  clientId: gateway.properties.clientId
  principalId: gateway.properties.principalId
}

output capture object = {
  id: capture.id
  principalId: capture.properties.principalId
}
