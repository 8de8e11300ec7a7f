// Serves the files of the console. They hold no secret and no data: the API checks the token of each request.
import { Tags } from 'types.bicep'

@description('Name of the app.')
@minLength(2)
@maxLength(40)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Free, or Standard with a service level agreement.')
@allowed(['Free', 'Standard'])
param sku string

resource site 'Microsoft.Web/staticSites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku, tier: sku }
  properties: {
    // infra/deploy/publish-console.sh uploads the files; no repository is connected, and no pull request gets a copy.
    provider: 'None'
    stagingEnvironmentPolicy: 'Disabled'
    allowConfigFileUpdates: true
  }
}

@description('Name of the app.')
output name string = site.name
@description('Address of the app, which is the origin of its pages.')
output url string = 'https://${site.properties.defaultHostname}'
