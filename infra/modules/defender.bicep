// Plans of Microsoft Defender for Cloud. They belong to the subscription, so they apply to everything in it.
targetScope = 'subscription'

@description('Names of the plans, such as StorageAccounts, SqlServers, KeyVaults, CosmosDbs or Arm.')
param plans string[]

// One at a time, because the subscription accepts one change at a time.
@batchSize(1)
resource pricings 'Microsoft.Security/pricings@2026-07-01' = [
  for plan in plans: {
    name: plan
    properties: { pricingTier: 'Standard' }
  }
]
