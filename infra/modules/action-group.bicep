// Who is told when an alert fires.
import { Tags } from 'types.bicep'

@description('Name of the group.')
param name string

@description('Tags of every resource.')
param tags Tags

@description('The group as mails name it.')
@maxLength(12)
param shortName string

@description('Whom to write to.')
param emailAddresses string[]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: shortName
    emailReceivers: [
      for (address, index) in emailAddresses: {
        name: 'mail-${index}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

@description('Resource id of the group.')
output id string = group.id
