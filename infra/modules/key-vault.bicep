// Holds one secret, the key that seals the customers' data keys. The template does not make it: a template cannot draw a
// random value that stays the same. deploy.sh makes it once.
import { roles } from 'roles.bicep'
import { Tags } from 'types.bicep'

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Days for which a deleted vault can be recovered.')
@minValue(7)
@maxValue(90)
param retentionDays int

@description('Whether nobody can purge a deleted vault within these days, and so neither make another of its name.')
param purgeProtection bool

@description('Names of the identities that may read the secret. The vault has no other, so they may read the vault.')
param readerNames string[]

@description('Their principal ids, in the same order.')
param readerPrincipalIds string[]

@description('Whether the vault is reached through a private endpoint only.')
param privateNetwork bool

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

@description('Whether the vault is protected from deletion.')
param locked bool

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: retentionDays
    // Without this key no personal data can be read any more. Azure takes no false here.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'None', defaultAction: privateNetwork ? 'Deny' : 'Allow' }
  }
}

resource readers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (readerName, index) in readerNames: {
    name: guid(vault.id, readerName, roles.keyVaultSecretsUser)
    scope: vault
    properties: {
      principalId: readerPrincipalIds[index]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep'
  scope: vault
  properties: { level: 'CanNotDelete' }
}

@description('Resource id of the vault.')
output id string = vault.id
@description('Name of the vault.')
output name string = vault.name
@description('Address of the master key, without a version.')
output masterKeyUri string = '${vault.properties.vaultUri}secrets/master-key'
