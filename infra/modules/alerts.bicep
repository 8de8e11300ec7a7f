// Alerts at the limits of what the system promises, each with a chapter of the same name in docs/operations.md.
// The apps' own metrics (src/shared/telemetry/metrics.ts) arrive once a minute in the table AppMetrics: a histogram as Sum and
// ItemCount, a counter or gauge as Sum with an ItemCount of 1; attributes in Properties. Each request is in AppRequests twice: the host
// records it, and below that the app, with a correlation id. The queries count those of the host, which has requests that no app answers.
import { Tags } from 'types.bicep'

@description('The first part of every name.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Whether the alerts are on.')
param enabled bool

@description('The action group (resource id) to notify.')
param actionGroupId string

@description('Address of docs/operations.md as people read it; an alert\'s chapter follows as #<its name>.')
param runbookUrl string

@description('The Log Analytics workspace (resource id) with the telemetry of the apps and the gateway.')
param workspaceId string

@description('Application Insights (resource id), which keeps the results of the availability tests.')
param applicationInsightsId string

@description('API Management (resource id).')
param apiManagementId string

@description('Address of the gateway, without a path.')
param gatewayUrl string

@description('The Cosmos DB account (resource id).')
param cosmosAccountId string

@description('The Event Hubs namespace (resource id).')
param eventHubsNamespaceId string

@description('The SQL database (resource id).')
param sqlDatabaseId string

@description('Whether the SQL database can be full. In the tier Hyperscale it cannot, and has no metric for it.')
param sqlHasLimit bool

@description('Web PubSub (resource id).')
param webPubSubId string

@description('Whether there is Azure AI Search.')
param hasSearch bool

@description('Azure AI Search (resource id); empty without.')
param searchServiceId string

@description('Client ids of the apps that use the key vault. Use by anyone else raises an alert.')
param keyVaultReaderClientIds string[]

@description('Name of the storage account with the packages.')
param packagesAccountName string

// A rule on a query fires when the maximum of the query's results over the rule's window is beyond the threshold, for each value of its dimension.
// Severities: 1 orders are refused or not visible, 2 they will be if nobody acts, 3 look into it.
// Each rule evaluates one window. For several in a row, Azure requires a column TimeGenerated in the results. But without any records there is no row
// that could have one, and the newest bin is incomplete. So a rule on a state that lasts takes the minimum of the values per minute in its window,
// if enough minutes have a value.
@description('Rules on the results of queries over logs and the apps\' metrics.')
var queryRules = [
  {
    name: 'commands-slow'
    text: 'Commands took more than 500 ms on average over 10 minutes (target: 100 ms).'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.command_duration'
      | summarize MeanMs = sum(Sum) / sum(ItemCount) by Command = tostring(Properties.command)
    '''
    measure: 'MeanMs'
    dimension: 'Command'
    operator: 'GreaterThan'
    threshold: 500
    window: 'PT10M'
    resolvesItself: true
  }
  {
    name: 'commands-failing'
    text: 'More than 1 % of the commands fail by our fault (target: 0.1 %).'
    severity: 1
    query: '''
      AppMetrics
      | where Name == 'cqrs.commands'
      | summarize All = sum(Sum), Failed = sumif(Sum, tostring(Properties.outcome) in ('internal-error', 'unavailable'))
      | where Failed >= 3
      | project FailedPercent = 100.0 * Failed / All
    '''
    measure: 'FailedPercent'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 1
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'commands-repeated'
    text: 'More than 20 % of the commands in 10 minutes were repetitions: clients send them again, because they get no answer in time.'
    severity: 3
    query: '''
      AppMetrics
      | where Name in ('cqrs.commands', 'cqrs.idempotent_replays')
      | summarize All = sumif(Sum, Name == 'cqrs.commands'), Repeated = sumif(Sum, Name == 'cqrs.idempotent_replays')
      | where Repeated >= 40
      | project RepeatedPercent = 100.0 * Repeated / All
    '''
    measure: 'RepeatedPercent'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 20
    window: 'PT10M'
    resolvesItself: true
  }
  {
    name: 'refusals-many'
    text: 'More than 1,000 requests were refused with the same problem code in 10 minutes: a client, or a change of ours, does something wrong.'
    severity: 3
    query: '''
      AppMetrics
      | where Name == 'cqrs.refusals'
      | summarize Refused = sum(Sum) by Code = tostring(Properties.code)
    '''
    measure: 'Refused'
    dimension: 'Code'
    operator: 'GreaterThan'
    threshold: 1000
    window: 'PT10M'
    resolvesItself: true
  }
  {
    name: 'retries-many'
    text: 'Work was done again more than 2,000 times in 10 minutes: commands compete, or a database throttles or fails.'
    severity: 3
    query: '''
      AppMetrics
      | where Name == 'cqrs.retries'
      | summarize Retries = sum(Sum) by Component = tostring(Properties.component)
    '''
    measure: 'Retries'
    dimension: 'Component'
    operator: 'GreaterThan'
    threshold: 2000
    window: 'PT10M'
    resolvesItself: true
  }
  {
    name: 'queries-slow'
    text: 'Queries took more than 200 ms on average over 10 minutes (target: 50 ms).'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.query_duration' and toint(Properties.status) < 500
      | summarize MeanMs = sum(Sum) / sum(ItemCount) by Query = tostring(Properties.query)
    '''
    measure: 'MeanMs'
    dimension: 'Query'
    operator: 'GreaterThan'
    threshold: 200
    window: 'PT10M'
    resolvesItself: true
  }
  {
    name: 'requests-failing'
    text: 'More than 1 % of the requests to an app, or to the gateway, end with a 5xx.'
    severity: 1
    query: '''
      AppRequests
      | where toint(ResultCode) >= 100 and isempty(tostring(Properties["cqrs.correlation_id"]))
      | summarize All = sum(ItemCount), Failed = sumif(ItemCount, toint(ResultCode) >= 500) by App = AppRoleName
      | where Failed >= 5
      | project App, FailedPercent = 100.0 * Failed / All
    '''
    measure: 'FailedPercent'
    dimension: 'App'
    operator: 'GreaterThan'
    threshold: 1
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'sync-slow'
    text: 'An event takes more than 10 s on average to reach a read model (target: 2 s).'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.sync_lag'
      | summarize MeanMs = sum(Sum) / sum(ItemCount) by ReadModel = tostring(Properties.read_model)
    '''
    measure: 'MeanMs'
    dimension: 'ReadModel'
    operator: 'GreaterThan'
    threshold: 10000
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'read-model-stale'
    text: 'A read model has lacked an event for more than 30 s (target: 5 s).'
    severity: 1
    query: '''
      AppMetrics
      | where Name == 'cqrs.read_model_freshness'
      | summarize AgeMs = max(Sum / ItemCount) by ReadModel = tostring(Properties.read_model)
    '''
    measure: 'AgeMs'
    dimension: 'ReadModel'
    operator: 'GreaterThan'
    threshold: 30000
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'sync-silent'
    text: 'The sync app has not said for 10 minutes how far the read models are: it does not run, or cannot reach Event Hubs.'
    severity: 1
    query: '''
      AppMetrics
      | where Name == 'cqrs.read_model_freshness'
      | summarize Reports = count()
    '''
    measure: 'Reports'
    dimension: ''
    operator: 'LessThan'
    threshold: 1
    window: 'PT10M'
    resolvesItself: true
  }
  {
    name: 'replica-behind'
    text: 'The readable replica has been more than 60 s behind for 10 minutes, or does not answer: the primary answers instead.'
    severity: 3
    query: '''
      AppMetrics
      | where Name == 'cqrs.replica_lag'
      | summarize LagMs = max(Sum / ItemCount) by bin(TimeGenerated, 1m)
      | summarize LagMs = min(LagMs), Minutes = count()
      | where Minutes > 5
    '''
    measure: 'LagMs'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 60000
    window: 'PT10M'
    resolvesItself: true
  }
  {
    name: 'outbox-old'
    text: 'An event has been committed for more than 30 s and is not published.'
    severity: 1
    query: '''
      AppMetrics
      | where Name == 'cqrs.outbox_age'
      | summarize AgeMs = max(Sum / ItemCount)
    '''
    measure: 'AgeMs'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 30000
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'outbox-growing'
    text: 'More than 1,000 events have been committed and not published for 10 minutes: the hub takes fewer than are committed.'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.outbox_size'
      | summarize Events = max(Sum / ItemCount) by bin(TimeGenerated, 1m)
      | summarize Events = min(Events), Minutes = count()
      | where Minutes > 5
    '''
    measure: 'Events'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 1000
    window: 'PT10M'
    resolvesItself: true
  }
  {
    name: 'customers-erased'
    text: 'More than 10 erasures of customers were requested or carried out within a day. An erasure cannot be undone.'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.commands'
      | where tostring(Properties.command) == 'EraseCustomer' and tostring(Properties.outcome) == 'accepted'
      | summarize Erased = sum(Sum)
    '''
    measure: 'Erased'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 10
    // Erasures can also add up slowly.
    window: 'P1D'
    // Otherwise, each evaluation of the same day would raise another alert, every 5 minutes.
    resolvesItself: true
  }
  {
    name: 'events-set-aside'
    text: 'The hub refuses events for what is in them: they are set aside in the outbox, and later versions of their aggregates wait.'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.outbox_held'
      | summarize Events = max(Sum / ItemCount)
    '''
    measure: 'Events'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'relay-silent'
    text: 'The outbox relay has not run for 10 minutes: what a crash leaves in the outbox stays there.'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.outbox_age'
      | summarize Reports = count()
    '''
    measure: 'Reports'
    dimension: ''
    operator: 'LessThan'
    threshold: 1
    window: 'PT10M'
    resolvesItself: true
  }
  {
    name: 'expiry-overdue'
    text: 'An order that nobody confirmed should have been cancelled more than an hour ago: it still holds stock and credit.'
    severity: 3
    query: '''
      AppMetrics
      | where Name == 'cqrs.expiry_overdue'
      | summarize OverdueMs = max(Sum / ItemCount)
    '''
    measure: 'OverdueMs'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 3600000
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'dead-letters'
    text: 'Events were written to dead letters: a read model, or partners, lack them until somebody redrives them.'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.dead_letters'
      | summarize Events = sum(Sum) by ReadModel = tostring(Properties.read_model)
    '''
    measure: 'Events'
    dimension: 'ReadModel'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
    resolvesItself: false
  }
  {
    name: 'dead-letters-waiting'
    text: 'Dead letters have waited for half an hour: nobody has redriven or discarded them.'
    severity: 3
    query: '''
      AppMetrics
      | where Name == 'cqrs.dead_letters_waiting'
      | summarize Waiting = max(Sum / ItemCount) by ReadModel = tostring(Properties.read_model), Reason = tostring(Properties.reason), Minute = bin(TimeGenerated, 1m)
      | summarize Waiting = sum(Waiting) by ReadModel, Minute
      | summarize Waiting = min(Waiting), Minutes = count() by ReadModel
      | where Minutes > 15
    '''
    measure: 'Waiting'
    dimension: 'ReadModel'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT30M'
    resolvesItself: true
  }
  {
    name: 'replay-failing'
    text: 'Runs of a replay fail and are retried. It makes no progress, and after 100 failed runs in a row it ends as failed.'
    severity: 3
    query: '''
      AppMetrics
      | where Name == 'cqrs.replay_failed_runs'
      | summarize Failures = sum(Sum) by ReadModel = tostring(Properties.read_model)
    '''
    measure: 'Failures'
    dimension: 'ReadModel'
    operator: 'GreaterThan'
    threshold: 10
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'webhooks-failing'
    text: 'Messages for a partner are dead-lettered, because no attempt to deliver them has succeeded.'
    severity: 3
    query: '''
      AppMetrics
      | where Name == 'cqrs.webhook_deliveries' and tostring(Properties.outcome) == 'dead-lettered'
      | summarize Messages = sum(Sum) by Webhook = tostring(Properties.webhook)
    '''
    measure: 'Messages'
    dimension: 'Webhook'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'search-behind'
    text: 'Azure AI Search has lacked changes of records for half an hour: it cannot be reached, or refuses them.'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.search_pending'
      | summarize Records = max(Sum / ItemCount) by List = tostring(Properties.list), bin(TimeGenerated, 1m)
      | summarize Records = min(Records), Minutes = count() by List
      | where Minutes > 15
    '''
    measure: 'Records'
    dimension: 'List'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT30M'
    resolvesItself: true
  }
  {
    name: 'stalled'
    text: 'Batches of events fail and are retried: a read model, the pushing of changes or the queue of webhooks stands still in a partition. GET /admin/lag has the reason.'
    severity: 1
    query: '''
      AppMetrics
      | where Name == 'cqrs.failed_batches'
      | summarize Failures = sum(Sum) by Consumer = tostring(Properties.consumer)
    '''
    measure: 'Failures'
    dimension: 'Consumer'
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'unknown-events'
    text: 'Events of a type that the sync app does not know were skipped.'
    severity: 2
    query: '''
      AppMetrics
      | where Name == 'cqrs.skipped_events'
      | summarize Events = sum(Sum) by EventType = tostring(Properties.event_type)
    '''
    measure: 'Events'
    dimension: 'EventType'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
    resolvesItself: false
  }
  {
    name: 'capture-failing'
    text: 'Events could not be written to the data lake more than once in 15 minutes; what the hub no longer keeps will be missing there.'
    severity: 2
    query: '''
      AZMSArchiveLogs
      | where Failures > 0
      | summarize FailedTimes = dcount(bin(TimeGenerated, 5m)) by Hub = EventhubName
    '''
    measure: 'FailedTimes'
    dimension: 'Hub'
    operator: 'GreaterThan'
    threshold: 1
    window: 'PT15M'
    resolvesItself: true
  }
  {
    name: 'lake-behind'
    text: 'The tables of the data lake, and so the reports, are half an hour behind the captured events, or nothing has said for 15 minutes how far.'
    severity: 3
    query: '''
      AppMetrics
      | where Name == 'cqrs.lake_behind'
      | summarize Reports = count(), Age = min(Sum / ItemCount)
      | project BehindMs = iff(Reports == 0, 3600000.0, Age)
    '''
    measure: 'BehindMs'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 1800000
    window: 'PT15M'
    resolvesItself: true
  }
  {
    name: 'telemetry-capped'
    text: 'The workspace takes no more telemetry today, so the alerts that need it are blind.'
    severity: 2
    query: '''
      _LogOperation
      | where Category =~ 'Ingestion' and Detail contains 'OverQuota'
      | summarize Reports = count()
    '''
    measure: 'Reports'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'requests-refused'
    text: 'One address, or one app, has had more than 100 requests refused with 401 or 403 in 5 minutes: somebody tries tokens or roles, or tries to bypass the gateway.'
    severity: 2
    query: '''
      union
        (ApiManagementGatewayLogs | where ResponseCode in (401, 403) | summarize Refused = count() by Source = CallerIpAddress),
        (AppRequests | where toint(ResultCode) in (401, 403) and isempty(tostring(Properties["cqrs.correlation_id"])) | summarize Refused = sum(ItemCount) by Source = AppRoleName)
      | summarize Refused = max(Refused)
    '''
    measure: 'Refused'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 100
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'package-written'
    text: 'A package of an app was written, replaced or deleted: a deployment, or an attack.'
    severity: 2
    query: '''
      StorageBlobLogs
      | where AccountName == 'name-of-the-packages-account'
      | where Category in ('StorageWrite', 'StorageDelete') and toint(StatusCode) < 400
      | summarize Writes = count()
    '''
    measure: 'Writes'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
    resolvesItself: false
  }
  {
    name: 'vault-read'
    // The alert rights-changed reports a write of the vault itself, which is part of each deployment.
    text: 'Somebody other than the apps has read, used or changed something in the key vault, or was refused.'
    severity: 1
    query: '''
      AzureDiagnostics
      | where ResourceProvider == 'MICROSOFT.KEYVAULT' and Category == 'AuditEvent'
      | where OperationName !in ('Authentication', 'VaultGet', 'VaultPut', 'VaultPatch', 'SecretList', 'SecretListVersions', 'KeyList', 'KeyListVersions')
      | where tostring(column_ifexists('identity_claim_appid_g', '')) !in ('client-ids-of-the-apps')
      | summarize Operations = count()
    '''
    measure: 'Operations'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
    resolvesItself: false
  }
  {
    name: 'database-sign-ins-failing'
    text: 'The write database has refused more than 5 sign-ins in 5 minutes.'
    severity: 2
    query: '''
      AzureDiagnostics
      | where Category == 'SQLSecurityAuditEvents'
      | where tostring(column_ifexists('action_name_s', '')) == 'DATABASE AUTHENTICATION FAILED'
      | summarize Failures = count()
    '''
    measure: 'Failures'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT5M'
    resolvesItself: true
  }
  {
    name: 'database-read'
    text: 'An administrator has read or changed tables of the write database (orders, personal data and keys), or changed its users and rights.'
    severity: 2
    query: '''
      AzureDiagnostics
      | where Category == 'SQLSecurityAuditEvents'
      | extend Action = tostring(column_ifexists('action_name_s', '')), Schema = tostring(column_ifexists('schema_name_s', ''))
      | where not(Action startswith 'DATABASE AUTHENTICATION')
      | where Schema == 'orders' or Action !in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
      | summarize Statements = count()
    '''
    measure: 'Statements'
    dimension: ''
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
    resolvesItself: false
  }
]

// A deployment of the template writes all of its resources, and each write of a watched type is an e-mail. Azure sends at most 100 of them an hour
// to an address, other alerts included. So what a deployment writes dozens of times is watched for its deletion only: diagnostic settings, rules on
// logs and metrics. Policies of single operations are not watched; the apps check each token again.
@description('Operations of Azure Resource Manager that grant or revoke rights, or change or remove a protection.')
var watchedOperations = [
  'Microsoft.Authorization/roleAssignments/write'
  'Microsoft.Authorization/roleAssignments/delete'
  'Microsoft.Authorization/roleDefinitions/write'
  'Microsoft.Authorization/locks/delete'
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write'
  'Microsoft.DocumentDB/databaseAccounts/write'
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/write'
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/delete'
  'Microsoft.EventHub/namespaces/write'
  'Microsoft.KeyVault/vaults/write'
  'Microsoft.Search/searchServices/write'
  'Microsoft.SignalRService/webPubSub/write'
  'Microsoft.Sql/servers/write'
  'Microsoft.Sql/servers/administrators/write'
  'Microsoft.Sql/servers/auditingSettings/write'
  'Microsoft.Sql/servers/databases/auditingSettings/write'
  'Microsoft.Sql/servers/firewallRules/write'
  'Microsoft.Storage/storageAccounts/write'
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/write'
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/delete'
  'Microsoft.Web/sites/write'
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies/write'
  'Microsoft.Web/sites/config/write'
  'Microsoft.Web/staticSites/write'
  'Microsoft.ApiManagement/service/write'
  'Microsoft.ApiManagement/service/policies/write'
  'Microsoft.ApiManagement/service/policies/delete'
  'Microsoft.ApiManagement/service/policyFragments/write'
  'Microsoft.ApiManagement/service/apis/policies/write'
  'Microsoft.ApiManagement/service/apis/policies/delete'
  'Microsoft.Insights/components/write'
  'Microsoft.OperationalInsights/workspaces/write'
  'Microsoft.Insights/diagnosticSettings/delete'
  'Microsoft.Insights/actionGroups/write'
  'Microsoft.Insights/actionGroups/delete'
  'Microsoft.Insights/activityLogAlerts/write'
  'Microsoft.Insights/activityLogAlerts/delete'
  'Microsoft.Insights/scheduledQueryRules/delete'
  'Microsoft.Insights/metricAlerts/delete'
]

@description('Rules on metrics that Azure\'s services measure of themselves.')
var metricRules = [
  {
    name: 'requests-throttled'
    text: 'The gateway has refused more than 100 requests, because a caller sent too many.'
    severity: 3
    resource: 'apiManagement'
    namespace: 'Microsoft.ApiManagement/service'
    metric: 'Requests'
    aggregation: 'Total'
    dimensions: [{ name: 'GatewayResponseCode', operator: 'Include', values: ['429'] }]
    threshold: 100
    window: 'PT5M'
  }
  {
    name: 'cosmos-throttled'
    text: 'Cosmos DB has answered requests with 429: they take longer, and then fail.'
    severity: 2
    resource: 'cosmosAccount'
    namespace: 'Microsoft.DocumentDB/databaseAccounts'
    metric: 'TotalRequests'
    aggregation: 'Count'
    dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
    threshold: 10
    window: 'PT5M'
  }
  {
    name: 'cosmos-hot'
    text: 'A partition of a read model uses more than 90 % of its request units.'
    severity: 3
    resource: 'cosmosAccount'
    namespace: 'Microsoft.DocumentDB/databaseAccounts'
    metric: 'NormalizedRUConsumption'
    aggregation: 'Maximum'
    dimensions: [{ name: 'CollectionName', operator: 'Include', values: ['*'] }]
    threshold: 90
    window: 'PT15M'
  }
  {
    name: 'event-hubs-throttled'
    text: 'Event Hubs has refused requests, because its throughput is used up.'
    severity: 2
    resource: 'eventHubsNamespace'
    namespace: 'Microsoft.EventHub/namespaces'
    metric: 'ThrottledRequests'
    aggregation: 'Total'
    dimensions: []
    threshold: 0
    window: 'PT5M'
  }
  {
    name: 'sql-busy'
    text: 'The write database uses more than 85 % of its CPU.'
    severity: 2
    resource: 'sqlDatabase'
    namespace: 'Microsoft.Sql/servers/databases'
    metric: 'cpu_percent'
    aggregation: 'Average'
    dimensions: []
    threshold: 85
    window: 'PT15M'
  }
  {
    name: 'sql-full'
    text: 'The write database uses more than 85 % of its storage; when it is full, no command is accepted.'
    severity: 2
    resource: 'sqlDatabase'
    namespace: 'Microsoft.Sql/servers/databases'
    metric: 'storage_percent'
    aggregation: 'Maximum'
    dimensions: []
    threshold: 85
    window: 'PT1H'
  }
  {
    name: 'push-full'
    text: 'More than 80 % of the connections that Web PubSub has are in use; clients beyond them are refused.'
    severity: 2
    resource: 'webPubSub'
    namespace: 'Microsoft.SignalRService/WebPubSub'
    metric: 'ConnectionQuotaUtilization'
    aggregation: 'Maximum'
    dimensions: []
    threshold: 80
    window: 'PT5M'
  }
  {
    name: 'push-busy'
    text: 'Web PubSub uses more than 70 % of its capacity: changes reach clients late.'
    severity: 3
    resource: 'webPubSub'
    namespace: 'Microsoft.SignalRService/WebPubSub'
    metric: 'ServerLoad'
    aggregation: 'Average'
    dimensions: []
    threshold: 70
    window: 'PT15M'
  }
  {
    name: 'search-throttled'
    text: 'Azure AI Search has refused more than 1 % of the searches: it has too few replicas for them.'
    severity: 2
    resource: 'searchService'
    namespace: 'Microsoft.Search/searchServices'
    metric: 'ThrottledSearchQueriesPercentage'
    aggregation: 'Average'
    dimensions: []
    threshold: 1
    window: 'PT5M'
  }
]

// Apart from the rules, whose names have to be known before anything is deployed (what-if).
@description('Resource ids by the names that metric rules use.')
var measuredResources = {
  apiManagement: apiManagementId
  cosmosAccount: cosmosAccountId
  eventHubsNamespace: eventHubsNamespaceId
  sqlDatabase: sqlDatabaseId
  webPubSub: webPubSubId
  searchService: searchServiceId
}

@description('Names of the metric rules on what this system does not have.')
var leftOut = [...(hasSearch ? [] : ['search-throttled']), ...(sqlHasLimit ? [] : ['sql-full'])]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in queryRules: {
    name: 'alert-${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: ${rule.name}'
      description: '${rule.text} What to do: ${runbookUrl}#${rule.name}'
      severity: rule.severity
      enabled: enabled
      scopes: [workspaceId]
      // A table is there with its first row only, and the rules are made before the apps run.
      skipQueryValidation: true
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: replace(
              replace(rule.query, 'client-ids-of-the-apps', join(keyVaultReaderClientIds, '\', \'')),
              'name-of-the-packages-account',
              packagesAccountName
            )
            timeAggregation: 'Maximum'
            metricMeasureColumn: rule.measure
            dimensions: empty(rule.dimension) ? [] : [{ name: rule.dimension, operator: 'Include', values: ['*'] }]
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: rule.resolvesItself
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for rule in filter(metricRules, rule => !contains(leftOut, rule.name)): {
    name: 'alert-${name}-${rule.name}'
    location: 'global'
    tags: tags
    properties: {
      description: '${rule.text} What to do: ${runbookUrl}#${rule.name}'
      severity: rule.severity
      enabled: enabled
      scopes: array(measuredResources[rule.resource])
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.metric
            metricNamespace: rule.namespace
            metricName: rule.metric
            dimensions: rule.dimensions
            operator: 'GreaterThan'
            threshold: rule.threshold
            timeAggregation: rule.aggregation
          }
        ]
      }
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]

resource rightsChanged 'Microsoft.Insights/activityLogAlerts@2026-01-01' = {
  name: 'alert-${name}-rights-changed'
  location: 'global'
  tags: tags
  properties: {
    description: 'A role, a lock, an identity\'s credential, the access to a resource, an audit, an alert or another protection was changed: a deployment, or an attack. What to do: ${runbookUrl}#rights-changed'
    enabled: enabled
    scopes: [resourceGroup().id]
    condition: {
      allOf: [
        { field: 'category', equals: 'Administrative' }
        { field: 'status', equals: 'Succeeded' }
        { anyOf: map(watchedOperations, operation => { field: 'operationName', equals: operation }) }
      ]
    }
    actions: { actionGroups: [{ actionGroupId: actionGroupId }] }
  }
}

// Each app is asked from three places in the world, through the gateway, whether it and what it needs are there.
@description('The apps whose availability is tested.')
var apps = ['commands', 'queries', 'sync']

resource availabilityTests 'Microsoft.Insights/webtests@2022-06-15' = [
  for app in apps: {
    name: 'test-${name}-${app}'
    location: location
    tags: union(tags, { 'hidden-link:${applicationInsightsId}': 'Resource' })
    kind: 'standard'
    properties: {
      Name: '${name}: ${app}'
      SyntheticMonitorId: 'test-${name}-${app}'
      Kind: 'standard'
      Enabled: enabled
      Frequency: 300
      Timeout: 30
      RetryEnabled: true
      Locations: [{ Id: 'emea-nl-ams-azr' }, { Id: 'us-va-ash-azr' }, { Id: 'apac-sg-sin-azr' }]
      Request: {
        HttpVerb: 'GET'
        RequestUrl: '${gatewayUrl}/api/health/ready?app=${app}'
        ParseDependentRequests: false
      }
      ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 14 }
    }
  }
]

resource availabilityAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for (app, index) in apps: {
    name: 'alert-${name}-app-down-${app}'
    location: 'global'
    tags: tags
    properties: {
      description: 'The ${app} app is not ready, or cannot be reached. What to do: ${runbookUrl}#app-down'
      severity: 1
      enabled: enabled
      scopes: [applicationInsightsId, resourceId('Microsoft.Insights/webtests', 'test-${name}-${app}')]
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
        webTestId: availabilityTests[index].id
        componentId: applicationInsightsId
        failedLocationCount: 2
      }
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]
