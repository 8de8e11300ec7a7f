// Holds the master key, which wraps the customers' data keys: a key, which never leaves the vault, or a secret. The template does not
// create the secret, because a template cannot generate a random value that stays the same. deploy.sh creates it once.
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

@description('A key wraps data keys in the vault. A secret is read by the apps, which wrap them.')
@allowed(['key', 'secret'])
param masterKeyKind string

@description('Names of the identities that may use the master key.')
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

// Azure does not change an existing key. Earlier versions stay and unwrap what they wrapped, so none expires.
resource masterKey 'Microsoft.KeyVault/vaults/keys@2026-05-15' = if (masterKeyKind == 'key') {
  parent: vault
  name: 'master-key'
  properties: {
    kty: 'RSA'
    keySize: 3072 // 128 bits of security, as NIST requires after 2030. With 2048, the vault would allow four times as many requests.
    keyOps: ['wrapKey', 'unwrapKey']
    rotationPolicy: { lifetimeActions: [{ trigger: { timeAfterCreate: 'P1Y' }, action: { type: 'rotate' } }] }
  }
}

// Reads the key, wraps and unwraps with it; may not change, back up or sign with it.
resource users 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (readerName, index) in readerNames: if (masterKeyKind == 'key') {
    name: guid(masterKey.id, readerName, roles.keyVaultCryptoServiceEncryptionUser)
    scope: masterKey
    properties: {
      principalId: readerPrincipalIds[index]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.keyVaultCryptoServiceEncryptionUser
      )
    }
  }
]

// A key can replace a secret: until every data key is rewrapped, the apps still read the secret.
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
@description('Address of the master key if it is a key, without a version.')
output masterKeyUri string = '${vault.properties.vaultUri}keys/master-key'
@description('Address of the master key if it is a secret, without a version.')
output masterSecretUri string = '${vault.properties.vaultUri}secrets/master-key'
