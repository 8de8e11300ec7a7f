// The whole system in one resource group:
//   az deployment group create --resource-group <group> --template-file infra/main.bicep --parameters infra/dev.bicepparam
// It needs Bicep 0.34, where modules do without names of their own.
// No resource has a key: every app has an identity, and a role for each thing that it does. Sizes are parameters; their cost is in
// the parameter files.
import { Tags } from 'modules/types.bicep'

@description('The first part of every name: lower-case letters and digits.')
@minLength(2)
@maxLength(7)
param name string = 'orders'

@description('What the system is for; a tag.')
@allowed(['dev', 'test', 'prod'])
param environmentName string

@description('Azure region of all resources.')
param location string = resourceGroup().location

@description('Tags of all resources, beside application and environment.')
param tags Tags = {}

@description('Name of the Entra group that administers the write database; who deploys must belong to it.')
param sqlAdministratorsName string

@description('Object id of that group.')
@minLength(36)
@maxLength(36)
param sqlAdministratorsId string

@description('Entra tenant whose tokens are accepted.')
param authTenantId string = subscription().tenantId

@description('For whom tokens must be made: the client id of the API\'s app registration (which issues v2.0 tokens).')
param authAudience string

@description('Audience of the tokens with which the gateway signs in to the apps: an app registration in the subscription\'s tenant.')
param gatewayAudience string = authAudience

@description('The claim of a token that says which customer the caller is; a directory extension comes as extn.<its name>.')
param authCustomerClaim string = 'extn.customerId'

@description('E-mail addresses that get alerts.')
param alertEmails string[]

@description('Whether alerts are on.')
param alertsEnabled bool = true

@description('Address of docs/operations.md as people read it: alerts point to its chapters.')
param runbookUrl string

@description('Who publishes the API: shown to its users.')
param publisherName string

@description('Where Azure writes to about API Management.')
param publisherEmail string = alertEmails[0]

@description('Region of the console, whose files Azure serves from everywhere. Static Web Apps are in five regions.')
@allowed(['centralus', 'eastasia', 'eastus2', 'westeurope', 'westus2'])
param consoleLocation string = 'westeurope'

@description('Size of the console: Standard has a service level agreement.')
@allowed(['Free', 'Standard'])
param consoleSku string = 'Free'

@description('Web origins whose pages may call the API, such as https://shop.example.com.')
param allowedOrigins string[] = []

@description('Applications (client ids) that may call the API. The gateway and the apps refuse tokens that were issued to another application.')
@minLength(1)
param clientApplicationIds string[]

@description('Maximum lifetime of a token in hours, from its claim iat to exp.')
@minValue(1)
param authMaxTokenHours int = 24

@description('Tier of API Management. With privateNetwork: StandardV2, which reaches into a virtual network.')
@allowed(['Developer', 'Basic', 'Standard', 'Premium', 'BasicV2', 'StandardV2'])
param apiManagementTier string

@description('Units of API Management.')
@minValue(1)
param apiManagementCapacity int = 1

@description('Requests that the API takes from one caller in a minute.')
@minValue(1)
@maxValue(4000)
param callsPerCaller int = 600

@description('Requests that the API takes from one address in a minute; many callers may share one.')
@minValue(1)
param callsPerAddress int = 3000

@description('Requests of one caller that the API processes at a time.')
@minValue(1)
param concurrentCallsPerCaller int = 32

@description('Requests that one app gets at a time. The write database works on about 100 per vCore.')
@minValue(2)
param concurrentCallsPerApp int = 200

@description('Requests at a time that wait in one app for a change or a version of an order. Each reads about once a second.')
@minValue(2)
param concurrentWaitsPerApp int = 1000

@description('Share of the API\'s requests that are logged, in percent; errors always are.')
@minValue(0)
@maxValue(100)
param loggedPercent int = 100

@description('Size of the write database; see modules/sql-database.bicep for what speaks against a serverless one.')
@allowed(['S0', 'S1', 'S2', 'S3', 'GP_S_Gen5', 'GP_Gen5', 'BC_Gen5', 'HS_Gen5'])
param sqlSku string

@description('vCores of the write database (sizes with Gen5).')
@minValue(1)
@maxValue(80)
param sqlVCores int = 2

@description('Least vCores of a serverless write database, such as 0.5; which values there are depends on sqlVCores.')
param sqlMinVCores string = '0.5'

@description('Most GB that the write database can hold. S0 to S2 hold 250 at the same price; sizes with Gen5 are paid by it.')
@minValue(1)
@maxValue(4096)
param sqlMaxSizeGb int

@description('''
The readable replica of the write database, which answers replays, lists of the event log, and GET …/current of callers who accept an age.
secondary needs BC_Gen5 or HS_Gen5, named needs HS_Gen5. See modules/sql-database.bicep.
''')
@allowed(['none', 'secondary', 'named'])
param sqlReplica string = 'none'

@description('vCores of a named replica.')
@minValue(2)
@maxValue(80)
param sqlReplicaVCores int = 2

@description('Days back to which the write database can be restored.')
@minValue(1)
@maxValue(35)
param sqlBackupDays int = 7

@description('How the read database is paid: serverless per request, autoscale per hour.')
@allowed(['serverless', 'autoscale'])
param cosmosMode string

@description('Most RU/s of each read model (autoscale).')
@minValue(1000)
param cosmosMaxThroughput int = 1000

@description('Tier of Event Hubs.')
@allowed(['Standard', 'Premium'])
param eventHubsTier string = 'Standard'

@description('Throughput units of Event Hubs.')
@minValue(1)
param eventHubsCapacity int = 1

@description('Up to how many throughput units Event Hubs grows by itself.')
@minValue(1)
@maxValue(40)
param eventHubsMaximumThroughputUnits int = 1

@description('Partitions of each hub: the most instances that work on one read model. Can never be changed on Standard.')
@minValue(1)
@maxValue(32)
param eventHubsPartitions int

@description('Hours for which the hubs keep events.')
@minValue(1)
@maxValue(2160)
param eventHubsRetentionHours int = 168

@description('SQL endpoint that reads the tables of the data lake, such as <workspace>-ondemand.sql.azuresynapse.net; empty: there are no reports.')
param reportsSqlServer string = ''

@description('Days for which nobody can change or delete a file of the data lake. 0: no limit.')
@minValue(0)
@maxValue(146000)
param lakeImmutableDays int

@description('Whether that limit was locked by hand (docs/operations.md).')
param lakeImmutabilityLocked bool = false

@description('Whether Azure Stream Analytics also writes the live sales, into the data lake (infra/stream-analytics/README.md).')
param streamAnalytics bool = false

@description('Capacity of that job: 3 is a third of a streaming unit, 10 are one.')
@minValue(3)
param streamAnalyticsCapacity int = 3

@description('Plans of Microsoft Defender for Cloud for the whole subscription, such as StorageAccounts. Whoever deploys them must be its Security Admin.')
param defenderPlans string[] = []

@description('Size of Web PubSub, which pushes changes to clients. With privateNetwork: not Free_F1.')
@allowed(['Free_F1', 'Standard_S1', 'Premium_P1'])
param webPubSubSku string

@description('Units of Web PubSub: 1,000 connections each.')
@minValue(1)
@maxValue(100)
param webPubSubUnits int = 1

@description('Whether Azure AI Search searches the lists of orders, products and customers. Without, Cosmos DB does.')
param searchEnabled bool = false

@description('Size of Azure AI Search.')
@allowed(['basic', 'standard', 'standard2', 'standard3'])
param searchSku string = 'basic'

@description('Replicas of Azure AI Search. The SLA needs two for queries, and three for changes.')
@minValue(1)
@maxValue(12)
param searchReplicas int = 1

@description('Partitions of Azure AI Search.')
@allowed([1, 2, 3, 4, 6, 12])
param searchPartitions int = 1

@description('Increment it to have the search indexes built again.')
@minValue(1)
param searchIndexGeneration int = 1

@description('Memory of a function app\'s instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances of each group of functions.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('HTTP instances of the command and the query app that are always warm.')
@minValue(0)
param alwaysReadyInstances int = 0

@description('Instances of each projection that are always warm. Without, the first event after a pause waits for a start.')
@minValue(0)
param alwaysReadyProjections int = 0

@description('Currency of what names none (ISO 4217).')
@minLength(3)
@maxLength(3)
param defaultCurrency string = 'USD'

@description('Ids that customers may choose for new orders: with uuid, they cannot take or guess each other\'s ids.')
@allowed(['any', 'uuid'])
param customerOrderIds string = 'any'

@description('Whether an erasure of a customer needs a second admin.')
param erasureNeedsSecondPerson bool = false

@description('Days after which a submitted order that nobody has confirmed is cancelled. 0: never.')
@minValue(0)
@maxValue(3650)
param orderExpiryDays int = 7

@description('Days after which published events move to the archive of the event log, and for which idempotency keys are remembered. 0: never, and forever.')
@minValue(0)
@maxValue(3650)
param eventArchiveDays int = 35

@description('Whether products can be read without a token, at the gateway and in the app.')
param catalogueAnonymous bool = false

@description('When the outbox is looked through for events that were not published (NCRONTAB).')
param outboxRelaySchedule string = '*/10 * * * * *'

@description('When unfinished replays are gone on with (NCRONTAB).')
param replaySchedule string = '*/5 * * * * *'

@description('When messages for partners that are due are sent (NCRONTAB).')
param webhookSchedule string = '*/5 * * * * *'

@description('Days for which logs and traces are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Most GB of logs and traces in a day; -1 for no limit.')
param logDailyQuotaGb int = -1

@description('Whether the resources are reached through a virtual network only; what deploys must then be in it, too.')
param privateNetwork bool = false

@description('Address range of the virtual network.')
param networkAddressPrefix string = '10.40.0.0/16'

@description('Whether everything that can be is spread over availability zones; API Management and the NAT gateway are not.')
param zoneRedundant bool = false

@description('Days for which a deleted key vault can be recovered. Can never be changed.')
@minValue(7)
@maxValue(90)
param vaultRetentionDays int = 90

@description('Whether nobody can purge a deleted key vault within these days. Can never be taken back.')
param vaultPurgeProtection bool = true

@description('The master key of personal data: a key, which never leaves the vault, or a secret, which the apps read. A key can replace a secret, but not the other way round.')
@allowed(['key', 'secret'])
param masterKeyKind string = 'secret'

@description('Whether what holds data is protected from deletion.')
param locked bool = false

@description('The unique last part of every name.')
var suffix = uniqueString(resourceGroup().id)
@description('Tags of all resources.')
var allTags = union({ application: name, environment: environmentName }, tags)
@description('Address of the tenant at Microsoft Entra.')
var authority = '${environment().authentication.loginEndpoint}${authTenantId}'
@description('Microsoft Entra address of the tenant of the identities.')
var identityAuthority = '${environment().authentication.loginEndpoint}${subscription().tenantId}'
@description('Issuer of access tokens, exactly as it stands in them.')
var authIssuer = '${authority}/v2.0'

// Made here, not taken from the modules' outputs: what-if leaves out a module whose resources have names that come of results.
@description('Names of the identities.')
var identityNames = {
  commands: 'id-${name}-commands-${suffix}'
  sync: 'id-${name}-sync-${suffix}'
  queries: 'id-${name}-queries-${suffix}'
  gateway: 'id-${name}-gateway-${suffix}'
  capture: 'id-${name}-capture-${suffix}'
}
@description('Names of the function apps.')
var appNames = {
  commands: 'func-${name}-commands-${suffix}'
  sync: 'func-${name}-sync-${suffix}'
  queries: 'func-${name}-queries-${suffix}'
}

module identities 'modules/identities.bicep' = {
  params: { names: identityNames, location: location, tags: allTags }
}

module telemetry 'modules/telemetry.bicep' = {
  params: {
    name: name
    suffix: suffix
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
    publisherNames: [identityNames.commands, identityNames.sync, identityNames.queries, identityNames.gateway]
    publisherPrincipalIds: [
      identities.outputs.commands.principalId
      identities.outputs.sync.principalId
      identities.outputs.queries.principalId
      identities.outputs.gateway.principalId
    ]
    locked: locked
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  params: {
    name: name
    suffix: suffix
    location: location
    tags: allTags
    addressPrefix: networkAddressPrefix
    workspaceId: telemetry.outputs.workspaceId
  }
}

module commandsStorage 'modules/host-storage.bicep' = {
  params: {
    name: 'stcommands${suffix}'
    location: location
    tags: allTags
    identityName: identityNames.commands
    principalId: identities.outputs.commands.principalId
    zoneRedundant: zoneRedundant
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
  }
}

module syncStorage 'modules/host-storage.bicep' = {
  params: {
    name: 'stsync${suffix}'
    location: location
    tags: allTags
    identityName: identityNames.sync
    principalId: identities.outputs.sync.principalId
    zoneRedundant: zoneRedundant
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
  }
}

module queriesStorage 'modules/host-storage.bicep' = {
  params: {
    name: 'stqueries${suffix}'
    location: location
    tags: allTags
    identityName: identityNames.queries
    principalId: identities.outputs.queries.principalId
    zoneRedundant: zoneRedundant
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
  }
}

module packagesStorage 'modules/packages-storage.bicep' = {
  params: {
    name: 'stpackages${suffix}'
    location: location
    tags: allTags
    identityNames: { commands: identityNames.commands, sync: identityNames.sync, queries: identityNames.queries }
    identities: {
      commands: identities.outputs.commands
      sync: identities.outputs.sync
      queries: identities.outputs.queries
    }
    zoneRedundant: zoneRedundant
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
  }
}

module lake 'modules/data-lake.bicep' = {
  params: {
    name: 'stlake${suffix}'
    location: location
    tags: allTags
    captureIdentityName: identityNames.capture
    capturePrincipalId: identities.outputs.capture.principalId
    syncIdentityName: identityNames.sync
    syncPrincipalId: identities.outputs.sync.principalId
    immutableDays: lakeImmutableDays
    immutabilityLocked: lakeImmutabilityLocked
    zoneRedundant: zoneRedundant
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
    locked: locked
  }
}

module eventHubs 'modules/event-hubs.bicep' = {
  params: {
    name: 'evhns-${name}-${suffix}'
    location: location
    tags: allTags
    tier: eventHubsTier
    capacity: eventHubsCapacity
    maximumThroughputUnits: eventHubsMaximumThroughputUnits
    partitionCount: eventHubsPartitions
    retentionHours: eventHubsRetentionHours
    commandsIdentityName: identityNames.commands
    commandsPrincipalId: identities.outputs.commands.principalId
    syncIdentityName: identityNames.sync
    syncPrincipalId: identities.outputs.sync.principalId
    captureIdentityId: identities.outputs.capture.id
    lakeId: lake.outputs.id
    lakeContainerName: lake.outputs.containerName
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
    locked: locked
  }
}

module streamAnalyticsJob 'modules/stream-analytics.bicep' = if (streamAnalytics) {
  params: {
    name: 'asa-${name}-${suffix}'
    identityName: 'id-${name}-stream-${suffix}'
    location: location
    tags: allTags
    eventHubsNamespaceName: 'evhns-${name}-${suffix}'
    lakeName: 'stlake${suffix}'
    capacity: streamAnalyticsCapacity
    workspaceId: telemetry.outputs.workspaceId
  }
  dependsOn: [eventHubs, lake]
}

module sql 'modules/sql-database.bicep' = {
  params: {
    serverName: 'sql-${name}-${suffix}'
    location: location
    tags: allTags
    administratorsName: sqlAdministratorsName
    administratorsId: sqlAdministratorsId
    sku: sqlSku
    vCores: sqlVCores
    minVCores: sqlMinVCores
    maxSizeGb: sqlMaxSizeGb
    zoneRedundant: zoneRedundant
    replica: sqlReplica
    replicaVCores: sqlReplicaVCores
    backupDays: sqlBackupDays
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
    locked: locked
  }
}

module cosmos 'modules/cosmos-db.bicep' = {
  params: {
    name: 'cosmos-${name}-${suffix}'
    location: location
    tags: allTags
    mode: cosmosMode
    maxThroughput: cosmosMaxThroughput
    syncIdentityName: identityNames.sync
    syncPrincipalId: identities.outputs.sync.principalId
    commandsIdentityName: identityNames.commands
    commandsPrincipalId: identities.outputs.commands.principalId
    queriesIdentityName: identityNames.queries
    queriesPrincipalId: identities.outputs.queries.principalId
    zoneRedundant: zoneRedundant
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
    locked: locked
  }
}

module webPubSub 'modules/web-pubsub.bicep' = {
  params: {
    name: 'wps-${name}-${suffix}'
    location: location
    tags: allTags
    sku: webPubSubSku
    units: webPubSubUnits
    ownerNames: [identityNames.sync, identityNames.queries]
    ownerPrincipalIds: [identities.outputs.sync.principalId, identities.outputs.queries.principalId]
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
  }
}

module keyVault 'modules/key-vault.bicep' = {
  params: {
    name: 'kv-${name}-${suffix}'
    location: location
    tags: allTags
    retentionDays: vaultRetentionDays
    purgeProtection: vaultPurgeProtection
    masterKeyKind: masterKeyKind
    readerNames: [identityNames.commands, identityNames.sync]
    readerPrincipalIds: [identities.outputs.commands.principalId, identities.outputs.sync.principalId]
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
    locked: locked
  }
}

module aiSearch 'modules/ai-search.bicep' = if (searchEnabled) {
  params: {
    name: 'srch-${name}-${suffix}'
    location: location
    tags: allTags
    sku: searchSku
    replicaCount: searchReplicas
    partitionCount: searchPartitions
    syncIdentityName: identityNames.sync
    syncPrincipalId: identities.outputs.sync.principalId
    queriesIdentityName: identityNames.queries
    queriesPrincipalId: identities.outputs.queries.principalId
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
  }
}

module dataEndpoints 'modules/private-endpoints.bicep' = if (privateNetwork) {
  params: {
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    zoneIds: network!.outputs.zoneIds
    targets: [
      { name: 'commands-storage', groupIds: ['blob', 'queue', 'table'] }
      { name: 'sync-storage', groupIds: ['blob', 'queue', 'table'] }
      { name: 'queries-storage', groupIds: ['blob', 'queue', 'table'] }
      { name: 'packages', groupIds: ['blob'] }
      { name: 'lake', groupIds: ['blob', 'dfs'] }
      { name: 'event-hubs', groupIds: ['namespace'] }
      { name: 'sql', groupIds: ['sqlServer'] }
      { name: 'cosmos', groupIds: ['Sql'] }
      { name: 'key-vault', groupIds: ['vault'] }
      { name: 'web-pubsub', groupIds: ['webpubsub'] }
    ]
    resourceIds: {
      'commands-storage': commandsStorage.outputs.id
      'sync-storage': syncStorage.outputs.id
      'queries-storage': queriesStorage.outputs.id
      packages: packagesStorage.outputs.id
      lake: lake.outputs.id
      'event-hubs': eventHubs.outputs.id
      sql: sql.outputs.id
      cosmos: cosmos.outputs.id
      'key-vault': keyVault.outputs.id
      'web-pubsub': webPubSub.outputs.id
    }
  }
}

module apps 'modules/apps.bicep' = {
  params: {
    name: name
    appNames: appNames
    suffix: suffix
    location: location
    tags: allTags
    identities: {
      commands: identities.outputs.commands
      sync: identities.outputs.sync
      queries: identities.outputs.queries
    }
    storage: {
      commands: commandsStorage.outputs.endpoints
      sync: syncStorage.outputs.endpoints
      queries: queriesStorage.outputs.endpoints
    }
    packagesUrls: packagesStorage.outputs.containerUrls
    applicationInsightsConnectionString: telemetry.outputs.connectionString
    authIssuer: authIssuer
    authAudience: authAudience
    authAllowedClients: clientApplicationIds
    authMaxTokenHours: authMaxTokenHours
    authCustomerClaim: authCustomerClaim
    authJwksUri: '${authority}/discovery/v2.0/keys'
    gatewayIssuer: '${identityAuthority}/v2.0'
    gatewayAudience: gatewayAudience
    gatewayClientId: identities.outputs.gateway.clientId
    gatewayJwksUri: '${identityAuthority}/discovery/v2.0/keys'
    eventHubsNamespace: eventHubs.outputs.fullyQualifiedNamespace
    sqlConnectionString: sql.outputs.connectionString
    lakeEndpoint: lake.outputs.blobEndpoint
    reportsSqlServer: reportsSqlServer
    sqlReplicaConnectionString: sql.outputs.replicaConnectionString
    cosmosEndpoint: cosmos.outputs.endpoint
    cosmosDatabase: cosmos.outputs.databaseName
    webPubSubEndpoint: webPubSub.outputs.endpoint
    webPubSubHub: webPubSub.outputs.hubName
    searchEndpoint: searchEnabled ? aiSearch!.outputs.endpoint : ''
    searchIndexGeneration: searchIndexGeneration
    masterKeyUri: masterKeyKind == 'key' ? keyVault.outputs.masterKeyUri : keyVault.outputs.masterSecretUri
    previousMasterKeyUri: keyVault.outputs.masterSecretUri
    defaultCurrency: defaultCurrency
    customerOrderIds: customerOrderIds
    erasureNeedsSecondPerson: erasureNeedsSecondPerson
    orderExpiryDays: orderExpiryDays
    eventArchiveDays: eventArchiveDays
    catalogueAnonymous: catalogueAnonymous
    outboxRelaySchedule: outboxRelaySchedule
    replaySchedule: replaySchedule
    webhookSchedule: webhookSchedule
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    alwaysReadyProjections: alwaysReadyProjections
    zoneRedundant: zoneRedundant
    subnetId: privateNetwork ? network!.outputs.appsSubnetId : ''
    workspaceId: telemetry.outputs.workspaceId
  }
  dependsOn: [dataEndpoints]
}

module appEndpoints 'modules/private-endpoints.bicep' = if (privateNetwork) {
  params: {
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    zoneIds: network!.outputs.zoneIds
    targets: [
      { name: 'commands', groupIds: ['sites'] }
      { name: 'sync', groupIds: ['sites'] }
      { name: 'queries', groupIds: ['sites'] }
    ]
    resourceIds: {
      commands: apps.outputs.commands.id
      sync: apps.outputs.sync.id
      queries: apps.outputs.queries.id
    }
  }
}

module console 'modules/static-web-app.bicep' = {
  params: {
    name: 'stapp-${name}-${suffix}'
    location: consoleLocation
    tags: allTags
    sku: consoleSku
  }
}

module searchEndpoint 'modules/private-endpoints.bicep' = if (privateNetwork && searchEnabled) {
  params: {
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    zoneIds: network!.outputs.zoneIds
    targets: [{ name: 'ai-search', groupIds: ['searchService'] }]
    resourceIds: { 'ai-search': aiSearch!.outputs.id }
  }
}

module apiManagement 'modules/api-management.bicep' = {
  params: {
    name: 'apim-${name}-${suffix}'
    location: location
    tags: allTags
    tier: apiManagementTier
    capacity: apiManagementCapacity
    publisherName: publisherName
    publisherEmail: publisherEmail
    identity: identities.outputs.gateway
    subnetId: privateNetwork ? network!.outputs.gatewaySubnetId : ''
    appUrls: {
      commands: apps.outputs.commands.url
      queries: apps.outputs.queries.url
      sync: apps.outputs.sync.url
    }
    authIssuer: authIssuer
    authAudience: authAudience
    gatewayAudience: gatewayAudience
    authTenantId: authTenantId
    clientApplicationIds: clientApplicationIds
    allowedOrigins: allowedOrigins
    consoleOrigin: console.outputs.url
    catalogueAnonymous: catalogueAnonymous
    callsPerCaller: callsPerCaller
    callsPerAddress: callsPerAddress
    concurrentCallsPerCaller: concurrentCallsPerCaller
    concurrentCallsPerApp: concurrentCallsPerApp
    concurrentWaitsPerApp: concurrentWaitsPerApp
    loggedPercent: loggedPercent
    applicationInsightsId: telemetry.outputs.applicationInsightsId
    applicationInsightsConnectionString: telemetry.outputs.connectionString
    workspaceId: telemetry.outputs.workspaceId
    locked: locked
  }
}

// With a virtual network the apps have no public address, and nothing to restrict.
module access 'modules/access-restrictions.bicep' = if (!privateNetwork) {
  params: {
    appNames: [appNames.commands, appNames.sync, appNames.queries]
    gatewayIpAddresses: apiManagement.outputs.outboundIpAddresses
    location: location
  }
}

module actionGroup 'modules/action-group.bicep' = {
  params: {
    name: 'ag-${name}-${suffix}'
    tags: allTags
    shortName: name
    emailAddresses: alertEmails
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    name: name
    location: location
    tags: allTags
    enabled: alertsEnabled
    actionGroupId: actionGroup.outputs.id
    runbookUrl: runbookUrl
    workspaceId: telemetry.outputs.workspaceId
    applicationInsightsId: telemetry.outputs.applicationInsightsId
    cosmosAccountId: cosmos.outputs.id
    eventHubsNamespaceId: eventHubs.outputs.id
    sqlDatabaseId: sql.outputs.databaseId
    sqlHasLimit: sqlSku != 'HS_Gen5'
    webPubSubId: webPubSub.outputs.id
    hasSearch: searchEnabled
    searchServiceId: searchEnabled ? aiSearch!.outputs.id : ''
    apiManagementId: apiManagement.outputs.id
    gatewayUrl: apiManagement.outputs.gatewayUrl
    keyVaultReaderClientIds: [identities.outputs.commands.clientId, identities.outputs.sync.clientId]
    packagesAccountName: packagesStorage.outputs.accountName
  }
}

module defender 'modules/defender.bicep' = if (!empty(defenderPlans)) {
  scope: subscription()
  params: { plans: defenderPlans }
}

module workbook 'modules/workbook.bicep' = {
  params: {
    title: 'Orders (${environmentName})'
    location: location
    tags: allTags
    workspaceId: telemetry.outputs.workspaceId
    applicationInsightsId: telemetry.outputs.applicationInsightsId
  }
}

@description('Address of the API\'s gateway, without a path.')
output gatewayUrl string = apiManagement.outputs.gatewayUrl
@description('Name of the command app.')
output commandsAppName string = appNames.commands
@description('Name of the sync app.')
output syncAppName string = appNames.sync
@description('Name of the query app.')
output queriesAppName string = appNames.queries
@description('Name of the command app\'s identity, which is also its user in the write database.')
output commandsIdentityName string = identityNames.commands
@description('Client id of the command app\'s identity.')
output commandsIdentityClientId string = identities.outputs.commands.clientId
@description('Name of the sync app\'s identity, which is also its user in the write database.')
output syncIdentityName string = identityNames.sync
@description('Client id of the sync app\'s identity.')
output syncIdentityClientId string = identities.outputs.sync.clientId
@description('Name of the SQL server.')
output sqlServerName string = sql.outputs.serverName
@description('Host name of the SQL server.')
output sqlServerFullyQualifiedName string = sql.outputs.serverFullyQualifiedName
@description('Name of the write database.')
output sqlDatabaseName string = sql.outputs.databaseName
@description('Name of the storage account with the packages, one container per app.')
output packagesAccountName string = packagesStorage.outputs.accountName
@description('Name of the console.')
output consoleName string = console.outputs.name
@description('Address of the console.')
output consoleUrl string = console.outputs.url
@description('Address of Web PubSub, where the console receives changes.')
output webPubSubUrl string = webPubSub.outputs.endpoint
@description('Name of the key vault.')
output keyVaultName string = keyVault.outputs.name
@description('Whether the master key is a key or a secret.')
output masterKeyKind string = masterKeyKind
