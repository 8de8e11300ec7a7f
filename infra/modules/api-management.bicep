// The one public address: API Management in front of the three function apps. Which app an operation belongs to, and how it is
// treated, stands in ../gateway/operations.json, which is generated from the code (npm run generate).
import { Identity, Tags, TextOfEachApp } from 'types.bicep'

@description('Name of the service, and the first part of its address.')
@minLength(1)
@maxLength(50)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags Tags

@description('Tier. Not Consumption: it cannot limit callers, and has no circuit breaker and no cache.')
@allowed(['Developer', 'Basic', 'Standard', 'Premium', 'BasicV2', 'StandardV2'])
param tier string

@description('Units of the tier; a Developer has one.')
@minValue(1)
param capacity int

@description('Who publishes the API, as its developers read it.')
param publisherName string

@description('Where API Management sends its own notices.')
param publisherEmail string

@description('The gateway\'s identity. It writes telemetry and signs in to the apps, nothing else.')
param identity Identity

@description('Subnet through which the gateway reaches the apps; empty: over their public addresses.')
param subnetId string

@description('Addresses of the apps, without a path.')
param appUrls TextOfEachApp

@description('Issuer of access tokens, exactly as it stands in them.')
param authIssuer string

@description('Audience of access tokens.')
param authAudience string

@description('Audience of the tokens with which the gateway signs in to the apps.')
param gatewayAudience string

@description('The Microsoft Entra tenant that issues the tokens. Empty: another issuer does.')
param authTenantId string

@description('For tokens of Microsoft Entra: the applications (client ids) that may call. For another issuer, only the apps check them.')
param clientApplicationIds string[]

@description('Origins of web pages that may call the API, besides the gateway\'s own.')
param allowedOrigins string[]

@description('Origin of the console\'s pages, which call the API, too.')
param consoleOrigin string

@description('Whether products can be read without a token.')
param catalogueAnonymous bool

@description('Requests that are taken from one caller (the token\'s subject) in a minute.')
@minValue(1)
@maxValue(4000)
param callsPerCaller int

@description('Requests that are taken from one address in a minute, with a token or without; many callers may share one.')
@minValue(1)
param callsPerAddress int

@description('Requests of one caller that are processed at a time.')
@minValue(1)
param concurrentCallsPerCaller int

@description('Requests that one app gets at a time. More than concurrentCallsPerCaller, or one caller could take all of them.')
@minValue(2)
param concurrentCallsPerApp int

@description('Requests at a time that wait in one app for a change or a version of an order. They do not count as concurrentCallsPerApp.')
@minValue(2)
param concurrentWaitsPerApp int

@description('Share of the requests that are logged in Application Insights, in percent; errors always are.')
@minValue(0)
@maxValue(100)
param loggedPercent int

@description('Application Insights (resource id).')
param applicationInsightsId string

@description('Connection string of Application Insights, which takes Entra tokens only.')
param applicationInsightsConnectionString string

@description('The Log Analytics workspace that gets metrics and logs.')
param workspaceId string

@description('Whether the service is protected from deletion.')
param locked bool

@description('Policies as well-formed XML. Placeholders stand for the origins, the applications and the app of an operation.')
var policies = {
  gateway: loadTextContent('../policies/gateway.xml')
  api: loadTextContent('../policies/api.xml')
  problem: loadTextContent('../policies/problem.xml')
  authenticateEntra: loadTextContent('../policies/authenticate-entra.xml')
  authenticateOpenId: loadTextContent('../policies/authenticate-openid.xml')
}

@description('Policies of the operations, by their kind.')
var operationPolicies = {
  request: loadTextContent('../policies/operation.xml')
  public: loadTextContent('../policies/operation-public.xml')
  ofEachApp: loadTextContent('../policies/operation-of-each-app.xml')
}

@description('Name, app and kind of each operation.')
var operations = loadJsonContent('../gateway/operations.json')

@description('Whether Microsoft Entra issues the tokens. Its policy also checks the applications they were issued to.')
var isEntra = !empty(authTenantId)
@description('The issuer, with a slash at its end.')
var issuerUrl = endsWith(authIssuer, '/') ? authIssuer : '${authIssuer}/'

@description('What the policies name in double braces. All are always set, since their number must be known before the deployment.')
var values = {
  anonymousOperations: '|${join(map(filter(operations, operation => operation.anonymous || (operation.publicBySetting && catalogueAnonymous)), operation => operation.name), '|')}|'
  callsPerAddress: string(callsPerAddress)
  callsPerCaller: string(callsPerCaller)
  concurrentCallsPerApp: string(concurrentCallsPerApp)
  concurrentCallsPerCaller: string(concurrentCallsPerCaller)
  concurrentWaitsPerApp: string(concurrentWaitsPerApp)
  gatewayAudience: gatewayAudience
  // MAX_BODY_BYTES of src/shared/http/json-body.ts
  maxBodyBytes: '262144'
  tokenAudience: authAudience
  tokenIssuer: authIssuer
  tokenOpenIdConfiguration: '${issuerUrl}.well-known/openid-configuration'
  tokenTenant: isEntra ? authTenantId : 'none'
}

@description('What a diagnostic logs of a request and its response: no headers, no bodies, and no search terms.')
var loggedPart = {
  request: {
    headers: []
    body: { bytes: 0 }
    dataMasking: { queryParams: [{ mode: 'Hide', value: '*' }] }
  }
  response: { headers: [], body: { bytes: 0 } }
}

@description('Parts of policies, which policies include by name.')
var fragments = {
  problem: policies.problem
  authenticate: isEntra
    ? replace(
        policies.authenticateEntra,
        '<application-id>client-application-ids</application-id>',
        join(map(clientApplicationIds, id => '<application-id>${id}</application-id>'), '')
      )
    : policies.authenticateOpenId
}

resource service 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: tier, capacity: capacity }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    publisherName: publisherName
    publisherEmail: publisherEmail
    virtualNetworkType: empty(subnetId) ? 'None' : 'External'
    virtualNetworkConfiguration: empty(subnetId) ? null : { subnetResourceId: subnetId }
  }
}

resource namedValues 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = [
  for value in items(values): {
    parent: service
    name: value.key
    properties: { displayName: value.key, value: value.value }
  }
]

// Apart from the others: how many a loop makes must be known before the service is there.
resource gatewayOrigin 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = {
  parent: service
  name: 'gatewayOrigin'
  properties: { displayName: 'gatewayOrigin', value: service.properties.gatewayUrl }
}

// The address of the console is known only once it exists.
resource consoleOriginValue 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = {
  parent: service
  name: 'consoleOrigin'
  properties: { displayName: 'consoleOrigin', value: consoleOrigin }
}

// Separate from the others for the same reason: the client id is known only once the identity exists.
resource gatewayClientId 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = {
  parent: service
  name: 'gatewayClientId'
  properties: { displayName: 'gatewayClientId', value: identity.clientId }
}

// Counts only connections that an app refuses, which no caller can cause, and not the status or the duration of responses. And more
// of them than one caller may send in that time.
resource backends 'Microsoft.ApiManagement/service/backends@2024-05-01' = [
  for app in ['commands', 'queries', 'sync']: {
    parent: service
    name: app
    properties: {
      title: app
      protocol: 'http'
      url: '${appUrls[app]}/api'
      tls: { validateCertificateChain: true, validateCertificateName: true }
      circuitBreaker: {
        rules: [
          {
            name: 'app-unreachable'
            failureCondition: {
              count: 2 * callsPerCaller + 1
              interval: 'PT1M'
              errorReasons: ['BackendConnectionFailure']
            }
            tripDuration: 'PT15S'
          }
        ]
      }
    }
  }
]

resource policyFragments 'Microsoft.ApiManagement/service/policyFragments@2024-05-01' = [
  for fragment in items(fragments): {
    parent: service
    name: fragment.key
    properties: { format: 'xml', value: fragment.value }
    dependsOn: [namedValues, gatewayOrigin, consoleOriginValue, gatewayClientId]
  }
]

resource gatewayPolicy 'Microsoft.ApiManagement/service/policies@2024-05-01' = {
  parent: service
  name: 'policy'
  properties: { format: 'xml', value: policies.gateway }
  dependsOn: [policyFragments]
}

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: service
  name: 'orders'
  properties: {
    displayName: 'Orders'
    path: 'api'
    protocols: ['https']
    subscriptionRequired: false
    format: 'openapi+json'
    value: loadTextContent('../gateway/openapi.json')
  }
}

resource apiPolicy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: api
  name: 'policy'
  properties: {
    format: 'xml'
    value: replace(
      policies.api,
      '<origin>allowed-origins</origin>',
      join(map(allowedOrigins, origin => '<origin>${origin}</origin>'), '')
    )
  }
  dependsOn: [policyFragments]
}

resource importedOperations 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' existing = [
  for operation in operations: {
    parent: api
    name: operation.name
  }
]

// A few at a time: the service takes changes one after the other.
@batchSize(5)
resource operationPolicy 'Microsoft.ApiManagement/service/apis/operations/policies@2024-05-01' = [
  for (operation, index) in operations: {
    parent: importedOperations[index]
    name: 'policy'
    properties: {
      format: 'xml'
      value: replace(operationPolicies[operation.kind], 'app-of-the-operation', operation.app)
    }
    dependsOn: [backends]
  }
]

resource logger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: service
  name: 'application-insights'
  properties: {
    loggerType: 'applicationInsights'
    resourceId: applicationInsightsId
    credentials: { connectionString: applicationInsightsConnectionString, identityClientId: identity.clientId }
  }
}

// W3C trace context, so that a trace begins at the gateway. No bodies, no headers, no addresses of callers: they are personal, and
// a body that is read is a stream that waits. Addresses are in the gateway's own log alone, to find who sends too much.
resource insightsDiagnostic 'Microsoft.ApiManagement/service/diagnostics@2024-05-01' = {
  parent: service
  name: 'applicationinsights'
  properties: {
    loggerId: logger.id
    alwaysLog: 'allErrors'
    httpCorrelationProtocol: 'W3C'
    operationNameFormat: 'Name'
    logClientIp: false
    verbosity: 'error'
    sampling: { samplingType: 'fixed', percentage: loggedPercent }
    frontend: loggedPart
    backend: loggedPart
  }
}

// The gateway's own log, which the diagnostic setting below sends to the workspace, also has the URL.
resource monitorLogger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: service
  name: 'azuremonitor'
  properties: { loggerType: 'azureMonitor' }
}

resource monitorDiagnostic 'Microsoft.ApiManagement/service/diagnostics@2024-05-01' = {
  parent: service
  name: 'azuremonitor'
  properties: {
    loggerId: monitorLogger.id
    alwaysLog: 'allErrors'
    logClientIp: true
    verbosity: 'error'
    sampling: { samplingType: 'fixed', percentage: 100 }
    frontend: loggedPart
    backend: loggedPart
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: service
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ category: 'GatewayLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep'
  scope: service
  properties: { level: 'CanNotDelete' }
}

@description('Resource id of API Management.')
output id string = service.id
@description('Address of the gateway, without a path.')
output gatewayUrl string = service.properties.gatewayUrl
@description('Addresses from which the gateway calls its backends. Empty: it has none of its own.')
output outboundIpAddresses string[] = union(
  service.properties.?publicIPAddresses ?? [],
  service.properties.?outboundPublicIPAddresses ?? []
)
