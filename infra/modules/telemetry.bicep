// Where logs, metrics and traces go. Only Entra tokens are taken: a connection string alone lets nobody write.
import { roles } from 'roles.bicep'
import { Tags } from 'types.bicep'

@description('The first part of every name.')
param name string

@description('The unique last part of every name.')
param suffix string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Days for which logs and traces are kept. Up to 31 are part of the price of ingestion.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Most GB that are taken in a day; what comes beyond is lost until the next one. -1 for no limit.')
param dailyQuotaGb int

@description('Names of the identities that may write telemetry.')
param publisherNames string[]

@description('Their principal ids, in the same order.')
param publisherPrincipalIds string[]

@description('Whether the workspace is protected from deletion.')
param locked bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: 'log-${name}-${suffix}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyQuotaGb }
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}-${suffix}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

resource publishers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (publisherName, index) in publisherNames: {
    name: guid(insights.id, publisherName, roles.monitoringMetricsPublisher)
    scope: insights
    properties: {
      principalId: publisherPrincipalIds[index]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.monitoringMetricsPublisher
      )
    }
  }
]

resource workspaceDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: workspace
  properties: {
    workspaceId: workspace.id
    logs: [{ categoryGroup: 'audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep'
  scope: workspace
  properties: { level: 'CanNotDelete' }
}

@description('Resource id of the Log Analytics workspace.')
output workspaceId string = workspace.id
@description('Resource id of Application Insights.')
output applicationInsightsId string = insights.id

@description('Names the ingestion endpoint. It is not a key, since local authentication is off.')
output connectionString string = insights.properties.ConnectionString
