// One identity per app, one for API Management to write telemetry, and one for Event Hubs to write its captured events. The modules that
// own a resource give them roles.

@description('The first part of every name.')
param name string

@description('The unique last part of every name.')
param suffix string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

resource commands 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}-commands-${suffix}'
  location: location
  tags: tags
}

resource sync 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}-sync-${suffix}'
  location: location
  tags: tags
}

resource queries 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}-queries-${suffix}'
  location: location
  tags: tags
}

resource gateway 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}-gateway-${suffix}'
  location: location
  tags: tags
}

resource capture 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}-capture-${suffix}'
  location: location
  tags: tags
}

output commands object = {
  id: commands.id
  name: commands.name
  clientId: commands.properties.clientId
  principalId: commands.properties.principalId
}

output sync object = {
  id: sync.id
  name: sync.name
  clientId: sync.properties.clientId
  principalId: sync.properties.principalId
}

output queries object = {
  id: queries.id
  name: queries.name
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
