// The containers of the read database, by the names and partition keys of src/shared/read-models/containers.ts.
//
// Indexed is what a query filters or sorts by, and nothing else: every index is paid for with each write. A partition key counts as
// a filter, unless it is /id. No composite index: with a filter one serves only if the ORDER BY names the filter's properties, too
// (https://learn.microsoft.com/azure/cosmos-db/index-policy#queries-with-a-filter-and-order-by), and every list sorts by its
// sortKey alone, which is one range index.

// Nothing is lost then: the events are in the event log, from where a replay brings them back.
@description('Seconds without a change after which a document is deleted: 90 days.')
var keepSeconds = 90 * 86400

@description('Seconds without a change after which a message for a partner is deleted: 30 days.')
var keepDeliveriesSeconds = 30 * 86400

@description('Seconds without a change after which figures are deleted: 15 minutes. The newest ten are read.')
var keepFiguresSeconds = 900

// A response shows the last 24 hours, so that every window in it was written within this time.
@description('Seconds without a change after which a document of the live sales is deleted: 2 days.')
var keepLiveSeconds = 2 * 86400

@export()
@description('The containers, with their partition keys, indexed paths and times to live.')
var containers = [
  {
    // The page and the history of an order are in one logical partition. A change of a customer queries them by customerId.
    name: 'order_pages'
    isReadModel: true
    partitionKey: ['/partition']
    indexed: ['/partition/?', '/sequence/?', '/customerId/?', '/customerVersion/?']
    defaultTtl: null
  }
  {
    name: 'customer_orders'
    isReadModel: true
    partitionKey: ['/customerId']
    // customerSortKey and words: of the summaries alone, for the list of customers.
    indexed: ['/customerId/?', '/status/?', '/sortKey/?', '/customerSortKey/?', '/words/[]/?']
    defaultTtl: null
  }
  {
    // A change of a customer finds the orders of the customer in one logical partition.
    name: 'searchable_orders'
    isReadModel: true
    partitionKey: ['/customerId']
    indexed: [
      '/words/[]/?'
      '/orderWords/[]/?'
      '/status/?'
      '/placedAt/?'
      '/sortKey/?'
      '/customerId/?'
      '/customerVersion/?'
    ]
    defaultTtl: null
  }
  {
    // The board has one first value, so that a list goes to the physical partitions that have it. Shipments that are done have a ttl.
    name: 'shipments'
    isReadModel: true
    partitionKey: ['/board', '/customerId']
    indexed: ['/board/?', '/status/?', '/region/?', '/sortKey/?', '/customerId/?', '/customerVersion/?']
    defaultTtl: -1
  }
  {
    name: 'sales_daily'
    isReadModel: true
    partitionKey: ['/bucket']
    indexed: ['/type/?', '/date/?']
    defaultTtl: null
  }
  {
    // The records of counted orders, most of the documents, have no indexed property.
    name: 'sales_live'
    isReadModel: true
    partitionKey: ['/bucket']
    indexed: ['/hour/?', '/completeUpTo/?']
    defaultTtl: keepLiveSeconds
  }
  {
    // A product and its stock entries are in one logical partition, and found by their ids; the list is over all partitions.
    name: 'catalogue'
    isReadModel: true
    partitionKey: ['/productId']
    indexed: ['/sortKey/?', '/words/[]/?']
    defaultTtl: null
  }
  {
    name: 'dead_letters'
    isReadModel: false
    partitionKey: ['/readModel']
    indexed: ['/readModel/?', '/status/?', '/sortKey/?', '/lastTried/?', '/customerId/?']
    defaultTtl: keepSeconds
  }
  {
    name: 'replays'
    isReadModel: false
    partitionKey: ['/id']
    indexed: ['/status/?', '/startedAt/?']
    defaultTtl: keepSeconds
  }
  {
    // The queue of messages for partners, and what became of them. The longest wait for a next attempt is a day.
    name: 'webhook_deliveries'
    isReadModel: false
    partitionKey: ['/webhookId']
    indexed: ['/webhookId/?', '/status/?', '/dueAt/?', '/stream/?', '/sortKey/?']
    defaultTtl: keepDeliveriesSeconds
  }
  {
    // A document per instance of an app and minute, found over all partitions by its minute.
    name: 'app_figures'
    isReadModel: false
    partitionKey: ['/app']
    indexed: ['/minute/?']
    defaultTtl: keepFiguresSeconds
  }
  {
    // The names of the indexes in Azure AI Search, and the records that they lack. Empty without that service.
    name: 'search_indexes'
    isReadModel: false
    partitionKey: ['/list']
    indexed: ['/list/?', '/indexName/?']
    defaultTtl: null
  }
]

@export()
@description('Names of the containers that the query app reads.')
var readByQueries = [
  'order_pages'
  'customer_orders'
  'searchable_orders'
  'shipments'
  'sales_daily'
  'sales_live'
  'catalogue'
  'dead_letters'
  'search_indexes'
]

@export()
@description('Name of the container to which each app writes its figures.')
var writtenByAll = 'app_figures'
