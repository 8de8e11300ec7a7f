import { customerNotFound, ownCustomer } from '../../shared/auth/own-customer.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { documentAnswers, documentResponse } from '../../shared/http/document-response.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { CUSTOMER_ORDERS } from '../../shared/read-models/containers.ts';
import { type CustomerSummary, SUMMARY_ID } from '../../shared/read-models/customer-orders.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { readDocument } from '../reading/read-document.ts';
import { customer, toCustomer } from './customer-response.ts';

const query: Query = {
  name: 'getCustomer',
  route: 'customers/{customerId}',
  summary: 'Gets a customer with their contact details and the credit that is left.',
  roles: ['customer', 'admin'],
  tracedReaders: ['admin'],
  headers: ['If-None-Match'],
  answers: documentAnswers(customer),
  problems: ['customer-not-found'],
};

/**
 * GET /customers/{customerId}. The ETag has the customer's version, the version of the summary, which changes with each order, and how often
 * the summary was rewritten in that version, for example for a late event.
 */
export function getCustomer(app: Pick<QueriesApp, 'authenticate' | 'database' | 'runtime'>): HttpFunction {
  return httpQuery(app, query, async ({ request, actor }) => {
    const customerId = ownCustomer(actor, routeId(request, 'customerId'));
    const container = app.database.container(CUSTOMER_ORDERS.name);
    const summary = await readDocument<CustomerSummary>(container, SUMMARY_ID, customerId);
    if (summary?.account === undefined) throw customerNotFound(customerId);
    const { account, customerVersion: version, version: revision, revision: detail } = summary;
    return documentResponse(request, { version, revision, detail }, toCustomer({ ...summary, account }));
  });
}
