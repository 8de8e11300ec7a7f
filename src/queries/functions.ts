import type { AppFunction } from '../shared/functions/app-function.ts';
import { getDeadLetters } from './admin/get-dead-letters.ts';
import type { QueriesApp } from './app.ts';
import { getProduct } from './catalogue/get-product.ts';
import { getProducts } from './catalogue/get-products.ts';
import { getCustomer } from './customers/get-customer.ts';
import { getCustomerOrders } from './customers/get-customer-orders.ts';
import { getCustomerSummary } from './customers/get-customer-summary.ts';
import { getCustomers } from './customers/get-customers.ts';
import { getDocs, getDocsFile, getOpenApi } from './docs/get-docs.ts';
import { getOrder } from './orders/get-order.ts';
import { getOrderChanges } from './orders/get-order-changes.ts';
import { searchOrders } from './orders/search-orders.ts';
import { subscribeToAllOrders, subscribeToOrder } from './push/subscriptions.ts';
import { getReport } from './reports/get-report.ts';
import { getDailySales } from './sales/get-daily-sales.ts';
import { getLiveSales } from './sales/get-live-sales.ts';
import { getShipments } from './shipments/get-shipments.ts';

/** The functions of the query app. */
export function functions(app: QueriesApp): readonly AppFunction[] {
  return [
    getOrder(app),
    getOrderChanges(app),
    subscribeToOrder(app),
    subscribeToAllOrders(app),
    searchOrders(app),
    getProducts(app),
    getProduct(app),
    getCustomers(app),
    getCustomer(app),
    getCustomerOrders(app),
    getCustomerSummary(app),
    getShipments(app),
    getDailySales(app),
    getReport(app),
    getLiveSales(app),
    getDeadLetters(app),
    getOpenApi(app),
    getDocs(app),
    getDocsFile(app),
  ];
}
