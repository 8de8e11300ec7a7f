using 'main.bicep'

// A system that customers rely on: three availability zones, no public addresses but the gateway's. Amounts are rounded list prices in
// USD for a month in West Europe, to compare the choices by; the pricing calculator has those of today.

param environmentName = 'prod'

// Yours: the Entra group that administers the database, the API's app registration, and who gets alerts.
param sqlAdministratorsName = readEnvironmentVariable('SQL_ADMINISTRATORS_NAME')
param sqlAdministratorsId = readEnvironmentVariable('SQL_ADMINISTRATORS_ID')
param authAudience = readEnvironmentVariable('AUTH_AUDIENCE')
param clientApplicationIds = filter(
  map(split(readEnvironmentVariable('AUTH_ALLOWED_CLIENTS'), ','), id => trim(id)),
  id => !empty(id)
)
param alertEmails = filter(
  map(split(readEnvironmentVariable('ALERT_EMAILS'), ','), email => trim(email)),
  email => !empty(email)
)
param runbookUrl = readEnvironmentVariable('RUNBOOK_URL', 'docs/operations.md')
param publisherName = 'Orders'
param consoleSku = 'Standard'
param allowedOrigins = filter(
  map(split(readEnvironmentVariable('ALLOWED_ORIGINS'), ','), origin => trim(origin)),
  origin => !empty(origin)
)

// Customers choose random ids for their orders, so that nobody can take or guess the id of someone else's order.
param customerOrderIds = 'uuid'

// An erasure cannot be undone, so one admin alone cannot erase anyone.
param erasureNeedsSecondPerson = true

// About 700. The least tier that reaches apps without public addresses. Without privateNetwork BasicV2 does, at about 150.
param apiManagementTier = 'StandardV2'

// About 370 for 2 vCores, and 60 % more for three zones. Provisioned, since the database is never idle: a serverless one would cost
// more for the same vCores. BC_Gen5 (about 1,000) commits to local disks: for when commands wait for the log.
param sqlSku = 'GP_Gen5'
param sqlVCores = 2
// Room for 6 to 30 million events, at about 0.1 for each GB; it can be raised at any time.
param sqlMaxSizeGb = 32
param sqlBackupDays = 35

// 35 to 350 per read model, as it is used: 4,000 RU/s bring in some 250 events a second. More when the alert on throttling says so.
param cosmosMode = 'autoscale'
param cosmosMaxThroughput = 4000

// About 22 for each unit, and 75 for its capture into the data lake. It grows by itself, but has to be taken down by hand.
param eventHubsTier = 'Standard'
param eventHubsCapacity = 2
param eventHubsMaximumThroughputUnits = 10
// Partitions cost nothing on Standard, but can never be changed: as many instances as could ever work on one read model.
param eventHubsPartitions = 16
// The longest on Standard, for nothing: a week to mend a projection without a replay.
param eventHubsRetentionHours = 168

// Nobody can change captured events for a year. Destroying a customer's keys also makes the personal data in them unreadable.
param lakeImmutableDays = 365

// Nothing without names. About 10 for each storage account, 15 for the SQL server, 5 for Azure Resource Manager; next to nothing for the vault.
param defenderPlans = filter(
  map(split(readEnvironmentVariable('DEFENDER_PLANS', ''), ','), plan => trim(plan)),
  plan => !empty(plan)
)

// About 49 for each unit of 1,000 connections, and 1 for a million messages beyond the first of each day. Premium_P1 (about 61) is in three
// zones; without, changes are not pushed while a zone is lost, and clients read them.
param webPubSubSku = 'Standard_S1'
param webPubSubUnits = 1

// Nothing: lists are searched in Cosmos DB, which does up to about 10,000 of each (docs/search.md). For more, set
// SEARCH_ENABLED: basic is about 75 for each replica and partition, standard about 250.
param searchEnabled = readEnvironmentVariable('SEARCH_ENABLED', 'false') == 'true'
// The SLA needs two for queries, and three for changes. While the service is down, changes wait and are indexed later.
param searchReplicas = 2

// Apps: paid per execution, and each run of a timer is billed as at least a second: about 80 together. A warm instance costs about 20 and saves
// the callers of an app, or the events of a projection, the cold start: the read models are to be behind by 2 s at most. Two of each, the
// least with zones: 4 for HTTP, 10 for the projections.
param instanceMemoryMB = 2048
// The least that can be set: 40 instances of commands can ask for 640 connections, of which 2 vCores work on 200 at a time. More vCores
// come first.
param maximumInstanceCount = 40
param alwaysReadyInstances = 2
param alwaysReadyProjections = 2

// About 3 per GB, and 0.1 for each GB and month beyond the first.
param logRetentionDays = 90
param logDailyQuotaGb = -1
// Errors always are.
param loggedPercent = 20

// About 140 for the private endpoints.
param privateNetwork = true
param zoneRedundant = true
param locked = true

// A new system has a key, which never leaves the vault, and which the vault rotates every year. A system that has a secret keeps it: deploy.sh
// sets MASTER_KEY_KIND to what it is, unless you do (docs/operations.md, "Replace the secret by a key").
param masterKeyKind = readEnvironmentVariable('MASTER_KEY_KIND', 'key')
