import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { pageParameters } from '../../shared/read-models/paging.ts';
import { CUSTOMERS_LIST } from '../../shared/search/search-lists.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { searchText } from '../reading/word-search.ts';
import { answerSearch, matchParameter, searchAnswers } from '../search/answer-search.ts';
import { CUSTOMER_PROPERTIES, customer, type KnownCustomer, toCustomer } from './customer-response.ts';

const parameters = z.object({ q: searchText({ example: 'ada' }), match: matchParameter, ...pageParameters });

const query: Query = {
  name: 'getCustomers',
  route: 'customers',
  summary: 'Lists customers, or those whose id, name or contact details match a text. Newest first.',
  roles: ['admin'],
  tracedReaders: ['admin'],
  parameters,
  answers: searchAnswers(customer),
  problems: [],
};

/** The properties that a list reads. The words of a customer stay in the database. */
const READ = [...CUSTOMER_PROPERTIES, 'customerSortKey'] as const;

/** GET /customers */
export function getCustomers(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request }) => {
    const wanted = validate(parameters, queryParameters(request));
    const search = { ...wanted, list: CUSTOMERS_LIST, words: 'words', properties: READ } as const;
    return answerSearch<ListedCustomer>(app.search, search, toCustomer);
  });
}

type ListedCustomer = KnownCustomer & { readonly customerSortKey: string };
