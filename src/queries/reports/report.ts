/** The values of a column in a report. `money` is an amount in the row's currency. */
export type ReportColumnType = 'text' | 'integer' | 'money' | 'date' | 'time';

/** A column of a report's rows. */
export interface ReportColumn {
  /** The column of the view. */
  readonly column: string;
  readonly type: ReportColumnType;
  readonly describe?: string;
  /** Whether analysts do not get it, because it says who somebody is. */
  readonly adminsOnly?: boolean;
}

/** Part of a report's order. Together, the parts identify a row. */
export interface SortPart {
  readonly field: string;
  readonly direction: 'ascending' | 'descending';
}

/** A report: the rows of a view of the lake. */
export interface Report {
  /** The view, and the file with its body in `views/`. */
  readonly view: string;
  /** By the name of the field in responses. */
  readonly columns: Readonly<Record<string, ReportColumn>>;
  readonly order: readonly SortPart[];
}

const column = (name: string, type: ReportColumnType, describe?: string): ReportColumn => ({
  column: name,
  type,
  ...(describe !== undefined && { describe }),
});
const customerId: ReportColumn = { column: 'customer_id', type: 'text', adminsOnly: true };
const revenueRank = column('revenue_rank', 'integer', 'Place in the currency, 1 for the most revenue.');
const byRevenue = [
  { field: 'currency', direction: 'ascending' },
  { field: 'revenueRank', direction: 'ascending' },
] as const;

/** All reports, by the name in the route. */
export const REPORTS = {
  'order-summary': {
    view: 'vw_order_summary',
    columns: {
      orderId: column('order_id', 'text'),
      customerId,
      status: column('status', 'text'),
      currency: column('currency', 'text'),
      totalAmount: column('total_amount', 'money'),
      itemCount: column('item_count', 'integer', 'Number of lines.'),
      createdDate: column('created_date', 'time', 'When the order was submitted.'),
      updatedDate: column('updated_date', 'time'),
    },
    order: [
      { field: 'createdDate', direction: 'descending' },
      { field: 'orderId', direction: 'ascending' },
    ],
  },
  'daily-metrics': {
    view: 'vw_daily_order_metrics',
    columns: {
      orderDate: column('order_date', 'date', 'UTC day on which the orders were submitted.'),
      currency: column('currency', 'text'),
      orderCount: column('order_count', 'integer', 'Later cancellations and refunds do not change it.'),
      totalRevenue: column('total_revenue', 'money', 'Later cancellations and refunds do not change it.'),
      avgOrderValue: column('avg_order_value', 'money', '`totalRevenue` divided by `orderCount`.'),
      uniqueCustomers: column('unique_customers', 'integer'),
    },
    order: [
      { field: 'orderDate', direction: 'descending' },
      { field: 'currency', direction: 'ascending' },
    ],
  },
  'top-products': {
    view: 'vw_top_products',
    columns: {
      revenueRank,
      productId: column('product_id', 'text'),
      productName: column('product_name', 'text'),
      currency: column('currency', 'text'),
      orderCount: column('order_count', 'integer', 'Orders with the product, without cancelled and refunded ones.'),
      unitsSold: column('units_sold', 'integer'),
      totalRevenue: column('total_revenue', 'money'),
    },
    order: byRevenue,
  },
  'orders-by-status': {
    view: 'vw_orders_by_status',
    columns: {
      status: column('status', 'text'),
      currency: column('currency', 'text'),
      orders: column('orders', 'integer', 'Number of orders.'),
      total: column('total', 'money', 'Total of these orders.'),
    },
    order: [
      { field: 'status', direction: 'ascending' },
      { field: 'currency', direction: 'ascending' },
    ],
  },
  'customers-by-revenue': {
    view: 'vw_customers_by_revenue',
    columns: {
      revenueRank,
      customerId,
      currency: column('currency', 'text'),
      orderCount: column('order_count', 'integer', 'Number of submitted orders.'),
      totalRevenue: column('total_revenue', 'money', 'Total of these orders, without cancelled and refunded ones.'),
      firstOrderAt: column('first_order_at', 'time'),
      lastOrderAt: column('last_order_at', 'time'),
    },
    order: byRevenue,
  },
  'late-shipments': {
    view: 'vw_late_shipments',
    columns: {
      orderId: column('order_id', 'text'),
      currency: column('currency', 'text'),
      totalAmount: column('total_amount', 'money'),
      itemCount: column('item_count', 'integer', 'Number of lines.'),
      placedAt: column('placed_at', 'time'),
      confirmedAt: column('confirmed_at', 'time'),
      shipBy: column('ship_by', 'time', 'Two days after the confirmation.'),
    },
    order: [
      { field: 'shipBy', direction: 'ascending' },
      { field: 'orderId', direction: 'ascending' },
    ],
  },
} as const satisfies Record<string, Report>;
export type ReportName = keyof typeof REPORTS;

/** True for the name of a report. */
export const isReportName = (name: string): name is ReportName => Object.hasOwn(REPORTS, name);
