// The three function apps, each with the settings that its code reads (src/shared/config.ts).
import { App, HostStorageOfEachApp, IdentityOfEachApp, Tags, TextOfEachApp } from 'types.bicep'

@description('The first part of every name.')
param name string

@description('The unique last part of every name.')
param suffix string

@description('Names of the apps.')
param appNames TextOfEachApp

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Identities of the apps.')
param identities IdentityOfEachApp

@description('Host storage of the apps.')
param storage HostStorageOfEachApp

@description('Addresses of the containers that hold the apps\' packages.')
param packagesUrls TextOfEachApp

@description('Connection string of Application Insights, which takes Entra tokens only.')
param applicationInsightsConnectionString string

@description('Whose tokens are accepted.')
param authIssuer string

@description('For whom the tokens must be made.')
param authAudience string

@description('The applications (client ids) whose tokens are accepted.')
param authAllowedClients string[]

@description('Maximum lifetime of a token in hours.')
param authMaxTokenHours int

@description('The claim of a token that says which customer the caller is.')
param authCustomerClaim string

@description('Address of the keys that the tokens are signed with.')
param authJwksUri string

@description('Issuer of the gateway\'s tokens, exactly as in their claim iss.')
param gatewayIssuer string

@description('Audience of the gateway\'s tokens.')
param gatewayAudience string

@description('Client id of the gateway\'s identity. The apps accept only requests with its token.')
param gatewayClientId string

@description('Address of the keys that the gateway\'s tokens are signed with.')
param gatewayJwksUri string

@description('Host name of the Event Hubs namespace.')
param eventHubsNamespace string

@description('Connection string of the write database, without user and password.')
param sqlConnectionString string

@description('Address of the data lake\'s blobs.')
param lakeEndpoint string

@description('SQL endpoint that reads the tables of the data lake; empty: there are no reports.')
param reportsSqlServer string

@description('Connection string of the write database\'s replica, without user and password; empty: there is none.')
param sqlReplicaConnectionString string

@description('Address of the Cosmos DB account.')
param cosmosEndpoint string

@description('Name of the Cosmos DB database.')
param cosmosDatabase string

@description('Address of Web PubSub.')
param webPubSubEndpoint string

@description('Hub of Web PubSub that changes are published to.')
param webPubSubHub string

@description('Address of Azure AI Search; empty: lists are searched in Cosmos DB.')
param searchEndpoint string

@description('Increment it to have the search indexes built again.')
param searchIndexGeneration int

@description('Address of the master key, which wraps the customers\' data keys.')
param masterKeyUri string

@description('Address of the secret that the master key replaces.')
param previousMasterKeyUri string

@description('Currency of what names none (ISO 4217).')
param defaultCurrency string

@description('Which ids customers may choose for new orders: any or uuid.')
param customerOrderIds string

@description('Whether an erasure of a customer needs a second admin.')
param erasureNeedsSecondPerson bool

@description('Days after which a submitted order that nobody has confirmed is cancelled. 0: never.')
param orderExpiryDays int

@description('Days after which published events move to the archive of the event log, and for which idempotency keys are remembered. 0: never, and forever.')
param eventArchiveDays int

@description('Whether the catalogue can be read without a token.')
param catalogueAnonymous bool

@description('When the outbox is looked through for events that were not published (NCRONTAB).')
param outboxRelaySchedule string

@description('When unfinished replays are gone on with (NCRONTAB).')
param replaySchedule string

@description('When messages for partners that are due are sent (NCRONTAB).')
param webhookSchedule string

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Most instances of each function group.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('HTTP instances of commands and queries that are always warm.')
@minValue(0)
param alwaysReadyInstances int

@description('Instances of each projection that are always warm.')
@minValue(0)
param alwaysReadyProjections int

@description('Whether the plans are spread over availability zones.')
param zoneRedundant bool

@description('Subnet through which the apps reach the other resources; empty: over public endpoints.')
param subnetId string

@description('The Log Analytics workspace that gets metrics.')
param workspaceId string

@description('The functions of the sync app that are triggered by events; each has its own instances.')
var projections = [
  'projectOrderDetails'
  'projectCustomerOrders'
  'projectOrderSearch'
  'projectShippingBoard'
  'projectSalesDaily'
  'projectSalesLive'
  'projectCatalogue'
]

@description('Warm instances for the HTTP functions of commands and queries.')
var alwaysReady = alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]

@description('Settings of every app: whose tokens it accepts, and through which gateway.')
var authSettings = {
  AUTH_ISSUER: authIssuer
  AUTH_AUDIENCE: authAudience
  AUTH_ALLOWED_CLIENTS: join(authAllowedClients, ',')
  AUTH_MAX_TOKEN_HOURS: string(authMaxTokenHours)
  AUTH_CUSTOMER_CLAIM: authCustomerClaim
  AUTH_JWKS_URI: authJwksUri
  GATEWAY_ISSUER: gatewayIssuer
  GATEWAY_AUDIENCE: gatewayAudience
  GATEWAY_CLIENT_ID: gatewayClientId
  GATEWAY_JWKS_URI: gatewayJwksUri
}

@description('Settings of the apps that read the write database.')
var replicaSettings = empty(sqlReplicaConnectionString)
  ? {}
  : { SQL_REPLICA_CONNECTION_STRING: sqlReplicaConnectionString }

module commands 'function-app.bicep' = {
  params: {
    name: appNames.commands
    planName: 'asp-${name}-commands-${suffix}'
    location: location
    tags: tags
    identity: identities.commands
    storage: storage.commands
    packagesUrl: packagesUrls.commands
    applicationInsightsConnectionString: applicationInsightsConnectionString
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    // As many as an instance has connections to the database.
    httpConcurrency: 16
    zoneRedundant: zoneRedundant
    subnetId: subnetId
    workspaceId: workspaceId
    settings: union(authSettings, replicaSettings, {
      SQL_CONNECTION_STRING: sqlConnectionString
      SQL_IDENTITY_CLIENT_ID: identities.commands.clientId
      EventHubConnection__fullyQualifiedNamespace: eventHubsNamespace
      EventHubConnection__clientId: identities.commands.clientId
      CosmosConnection__accountEndpoint: cosmosEndpoint
      CosmosConnection__clientId: identities.commands.clientId
      COSMOS_DATABASE: cosmosDatabase
      MASTER_KEY: masterKeyUri
      PREVIOUS_MASTER_KEY: previousMasterKeyUri
      MASTER_KEY_IDENTITY_CLIENT_ID: identities.commands.clientId
      DEFAULT_CURRENCY: defaultCurrency
      CUSTOMER_ORDER_IDS: customerOrderIds
      MAX_OPEN_DRAFTS: '1000'
      ERASURE_NEEDS_SECOND_PERSON: erasureNeedsSecondPerson ? 'true' : 'false'
      ORDER_EXPIRY_DAYS: string(orderExpiryDays)
      ORDER_EXPIRY_SCHEDULE: '0 * * * * *'
      EVENT_ARCHIVE_DAYS: string(eventArchiveDays)
      EVENT_ARCHIVE_SCHEDULE: '30 * * * * *'
      OUTBOX_RELAY_SCHEDULE: outboxRelaySchedule
      COMMAND_DEADLINE_SECONDS: '30'
      OUTBOX_RELAY_AFTER_SECONDS: '5'
      KEY_ROTATION_SCHEDULE: '0 0 * * * *'
    })
  }
}

// The apps are made one after the other: a subnet refuses a second one that joins it at the same time (409 ServiceAssociationLinkLease).
module sync 'function-app.bicep' = {
  params: {
    name: appNames.sync
    planName: 'asp-${name}-sync-${suffix}'
    location: location
    tags: tags
    identity: identities.sync
    storage: storage.sync
    packagesUrl: packagesUrls.sync
    applicationInsightsConnectionString: applicationInsightsConnectionString
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    // Only admins, and customers who export their data, call it over HTTP. They can wait for a cold start.
    alwaysReady: alwaysReadyProjections == 0
      ? []
      : map(projections, projection => { name: 'function:${projection}', instanceCount: alwaysReadyProjections })
    httpConcurrency: 16
    zoneRedundant: zoneRedundant
    subnetId: subnetId
    workspaceId: workspaceId
    settings: union(authSettings, replicaSettings, {
      SQL_CONNECTION_STRING: sqlConnectionString
      SQL_IDENTITY_CLIENT_ID: identities.sync.clientId
      EventHubConnection__fullyQualifiedNamespace: eventHubsNamespace
      EventHubConnection__credential: 'managedidentity'
      EventHubConnection__clientId: identities.sync.clientId
      CosmosConnection__accountEndpoint: cosmosEndpoint
      CosmosConnection__clientId: identities.sync.clientId
      COSMOS_DATABASE: cosmosDatabase
      WebPubSubConnection__endpoint: webPubSubEndpoint
      WebPubSubConnection__clientId: identities.sync.clientId
      WEB_PUBSUB_HUB: webPubSubHub
      SEARCH_ENDPOINT: searchEndpoint
      SEARCH_IDENTITY_CLIENT_ID: identities.sync.clientId
      SEARCH_INDEX_GENERATION: string(searchIndexGeneration)
      SEARCH_SCHEDULE: '*/15 * * * * *'
      MASTER_KEY: masterKeyUri
      PREVIOUS_MASTER_KEY: previousMasterKeyUri
      MASTER_KEY_IDENTITY_CLIENT_ID: identities.sync.clientId
      KEY_ROTATION_SCHEDULE: '0 0 * * * *'
      REPLAY_SCHEDULE: replaySchedule
      LakeConnection__blobServiceUri: lakeEndpoint
      LakeConnection__clientId: identities.sync.clientId
      LAKE_SCHEDULE: '0 */5 * * * *'
      WEBHOOK_SCHEDULE: webhookSchedule
      WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'false'
    })
  }
  dependsOn: [commands]
}

module queries 'function-app.bicep' = {
  params: {
    name: appNames.queries
    planName: 'asp-${name}-queries-${suffix}'
    location: location
    tags: tags
    identity: identities.queries
    storage: storage.queries
    packagesUrl: packagesUrls.queries
    applicationInsightsConnectionString: applicationInsightsConnectionString
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    // A query waits for one request to Cosmos DB, and a long poll for up to 30 s.
    httpConcurrency: 100
    zoneRedundant: zoneRedundant
    subnetId: subnetId
    workspaceId: workspaceId
    settings: union(authSettings, {
      CosmosConnection__accountEndpoint: cosmosEndpoint
      CosmosConnection__clientId: identities.queries.clientId
      COSMOS_DATABASE: cosmosDatabase
      WebPubSubConnection__endpoint: webPubSubEndpoint
      WebPubSubConnection__clientId: identities.queries.clientId
      WEB_PUBSUB_HUB: webPubSubHub
      SEARCH_ENDPOINT: searchEndpoint
      SEARCH_IDENTITY_CLIENT_ID: identities.queries.clientId
      REPORTS_SQL_CONNECTION_STRING: empty(reportsSqlServer)
        ? ''
        : 'Server=${reportsSqlServer};Database=orders_lake;Encrypt=Strict'
      REPORTS_SQL_IDENTITY_CLIENT_ID: identities.queries.clientId
      REPORT_TIMEOUT_SECONDS: '30'
      CATALOGUE_ANONYMOUS: catalogueAnonymous ? 'true' : 'false'
    })
  }
  dependsOn: [sync]
}

@description('The command app.')
output commands App = { id: commands.outputs.id, url: commands.outputs.url }
@description('The sync app.')
output sync App = { id: sync.outputs.id, url: sync.outputs.url }
@description('The query app.')
output queries App = { id: queries.outputs.id, url: queries.outputs.url }
