// The containers of the read database, by the names and partition keys of src/shared/read-models/containers.ts.
//
// Indexed is what a query filters or sorts by, and nothing else: every index is paid for with each write. A partition key counts as
// a filter, unless it is /id. No composite index: with a filter one serves only if the ORDER BY names the filter's properties, too
// (https://learn.microsoft.com/azure/cosmos-db/index-policy#queries-with-a-filter-and-order-by), and every list sorts by its
// sortKey alone, which is one range index.

// 90 days without a change. Nothing is lost then: the events are in the event log, from where a replay brings them back.
var keepSeconds = 90 * 86400

@export()
var containers = [
  {
    // Orders are read by their ids; those of a customer are looked for when the customer has changed.
    name: 'order_details'
    isReadModel: true
    partitionKey: '/id'
    indexed: ['/customerId/?', '/customerVersion/?']
    defaultTtl: null
  }
  {
    name: 'customer_orders'
    isReadModel: true
    partitionKey: '/customerId'
    indexed: ['/customerId/?', '/type/?', '/status/?', '/sortKey/?']
    defaultTtl: null
  }
  {
    name: 'order_search'
    isReadModel: true
    partitionKey: '/id'
    indexed: ['/words/[]/?', '/status/?', '/placedAt/?', '/sortKey/?', '/customerId/?', '/customerVersion/?']
    defaultTtl: null
  }
  {
    name: 'shipping_board'
    isReadModel: true
    partitionKey: '/id'
    indexed: ['/status/?', '/region/?', '/sortKey/?', '/customerId/?', '/customerVersion/?']
    defaultTtl: null
  }
  {
    name: 'sales_daily'
    isReadModel: true
    partitionKey: '/bucket'
    indexed: ['/type/?', '/date/?']
    defaultTtl: null
  }
  {
    name: 'dead_letters'
    isReadModel: false
    partitionKey: '/readModel'
    indexed: ['/readModel/?', '/status/?', '/sortKey/?']
    defaultTtl: keepSeconds
  }
  {
    name: 'replays'
    isReadModel: false
    partitionKey: '/id'
    indexed: ['/status/?', '/startedAt/?']
    defaultTtl: keepSeconds
  }
]

@export()
var readByQueries = [
  'order_details'
  'customer_orders'
  'order_search'
  'shipping_board'
  'sales_daily'
  'dead_letters'
]
