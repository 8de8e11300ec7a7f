// The workbook that shows what the alerts watch: commands, queries, read models, what waits, and what it costs.
import { Tags } from 'types.bicep'

@description('Title of the workbook.')
param title string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('The Log Analytics workspace (resource id) with the telemetry of all resources.')
param workspaceId string

@description('Application Insights (resource id), among whose workbooks it is shown.')
param applicationInsightsId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, title)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: title
    sourceId: applicationInsightsId
    serializedData: replace(loadTextContent('../workbook.json'), 'resource-id-of-the-workspace', workspaceId)
  }
}
