// The types of what modules pass to each other.

@export()
@description('Tags of a resource: their values by name.')
type Tags = {
  @description('Value of the tag.')
  *: string
}

@export()
@description('A user-assigned managed identity.')
type Identity = {
  @description('Resource id.')
  id: string

  @description('Client id, by which a program signs in.')
  clientId: string

  @description('Principal id, which roles are assigned to.')
  principalId: string
}

@export()
@description('One text for each function app.')
type TextOfEachApp = {
  @description('Of the command app.')
  commands: string

  @description('Of the sync app.')
  sync: string

  @description('Of the query app.')
  queries: string
}

@export()
@description('The identity of each function app.')
type IdentityOfEachApp = {
  @description('Of the command app.')
  commands: Identity

  @description('Of the sync app.')
  sync: Identity

  @description('Of the query app.')
  queries: Identity
}

@export()
@description('Addresses of a function app\'s host storage.')
type HostStorage = {
  @description('Blob service.')
  blob: string

  @description('Queue service.')
  queue: string

  @description('Table service.')
  table: string
}

@export()
@description('The host storage of each function app.')
type HostStorageOfEachApp = {
  @description('Of the command app.')
  commands: HostStorage

  @description('Of the sync app.')
  sync: HostStorage

  @description('Of the query app.')
  queries: HostStorage
}

@export()
@description('Instances that are always warm.')
type AlwaysReady = {
  @description('Which functions they run: "http" for all HTTP functions, or "function:<name>".')
  name: string

  @description('How many.')
  instanceCount: int
}

@export()
@description('App settings: their values by name.')
type Settings = {
  @description('Value of the setting.')
  *: string
}

@export()
@description('Names of the identities.')
type IdentityNames = {
  @description('Of the command app.')
  commands: string

  @description('Of the sync app.')
  sync: string

  @description('Of the query app.')
  queries: string

  @description('Of API Management, which writes telemetry and signs in to the apps with it.')
  gateway: string

  @description('Of Event Hubs, which writes captured events with it.')
  capture: string
}

@export()
@description('The services that have private endpoints, as Azure calls them.')
type GroupId =
  | 'blob'
  | 'queue'
  | 'table'
  | 'dfs'
  | 'sqlServer'
  | 'Sql'
  | 'namespace'
  | 'vault'
  | 'sites'
  | 'webpubsub'
  | 'searchService'

@export()
@description('A resource that gets private endpoints.')
type EndpointTarget = {
  @description('Its name among the targets.')
  name: string

  @description('Which of its services get one each.')
  groupIds: GroupId[]
}

@export()
@description('Resource ids by name.')
type ResourceIds = {
  @description('Resource id.')
  *: string
}

@export()
@description('A deployed function app.')
type App = {
  @description('Resource id.')
  id: string

  @description('Address, without a path.')
  url: string
}
