using 'main.bicep'

// A system to develop against, at the least cost. Amounts are rounded list prices in USD for a month in West Europe, to compare
// the choices by; the pricing calculator has those of today.

param environmentName = 'dev'

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
param allowedOrigins = ['http://localhost:5173']

// About 50. It has all policies of the greater tiers and addresses of its own, but no SLA, and takes 40 minutes to come up; BasicV2
// (about 150) takes five. Consumption would cost nothing while nobody calls, but limits no rate by caller (rate-limit-by-key), passes
// no streams on, caches nothing by itself, and has no addresses that the apps could let in.
param apiManagementTier = 'Developer'

// About 15. Basic has too few workers for a pool of connections; a serverless one never pauses here, which makes it about 200.
param sqlSku = 'S0'
param sqlMaxSizeGb = 250

// Per request, nothing while there are none: 0.3 for a million RU. Each of ten autoscale containers would be 9 at least.
param cosmosMode = 'serverless'

// About 22 for the unit and 75 for its capture into the data lake.
param eventHubsTier = 'Standard'
param eventHubsCapacity = 1
param eventHubsPartitions = 4
// Events older than a day come from the event log in SQL.
param eventHubsRetentionHours = 24

// A development system is deleted as needed, and its files with it.
param lakeImmutableDays = 0

// Nothing: 20 connections and 20,000 messages a day. A unit of Standard_S1 (about 49) has 1,000 and 1,000,000.
param webPubSubSku = 'Free_F1'

// Nothing: lists are searched in Cosmos DB, which does up to about 10,000 of each (docs/search.md). basic is about 75.
param searchEnabled = false

// Apps: paid per execution, and each run of a timer is billed as at least a second: about 26, or a quarter of that with 512 MB, which host and app
// share. With the schedules of prod, the timers would cost about 80. Half a minute is soon enough here for what a crash has left in the outbox, for
// messages to partners, and for replays, which run in bursts of four seconds.
param instanceMemoryMB = 2048
param outboxRelaySchedule = '*/30 * * * * *'
param replaySchedule = '*/30 * * * * *'
param webhookSchedule = '*/30 * * * * *'
param alwaysReadyInstances = 0
param alwaysReadyProjections = 0

// About 3 per GB. A loop that logs is stopped before it is dear.
param logRetentionDays = 30
param logDailyQuotaGb = 1

// The private endpoints alone are about 130, and API Management would have to be StandardV2, which is about 700.
param privateNetwork = false
param zoneRedundant = false
// A development system is made and deleted as needed, and made anew under the same names.
param locked = false
param vaultPurgeProtection = false
param vaultRetentionDays = 7
param alertsEnabled = false

// A new system has a key, which never leaves the vault, and which the vault rotates every year. A system that has a secret keeps it: deploy.sh
// sets MASTER_KEY_KIND to what it is, unless you do (docs/operations.md, "Replace the secret by a key").
param masterKeyKind = readEnvironmentVariable('MASTER_KEY_KIND', 'key')
