import { z } from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { listAnswers, listResponse } from '../../shared/http/list-response.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { CUSTOMER_ORDERS } from '../../shared/read-models/containers.ts';
import { pageParameters, readPage } from '../../shared/read-models/paging.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { searchText, wordsMatch } from '../reading/word-search.ts';
import { CUSTOMER_PROPERTIES, customer, type KnownCustomer, toCustomer } from './customer-response.ts';

const parameters = z.object({ q: searchText({ example: 'ada' }), ...pageParameters });

const query: Query = {
  name: 'getCustomers',
  route: 'customers',
  summary: 'Lists customers, or those whose id, name or contact details match a text. Newest first.',
  roles: ['admin'],
  tracedReaders: ['admin'],
  parameters,
  answers: listAnswers(customer),
  problems: [],
};

const LIST = { sortBy: 'customerSortKey', properties: [...CUSTOMER_PROPERTIES, 'customerSortKey'] } as const;

/** GET /customers */
export function getCustomers(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request }) => {
    const { q, ...page } = validate(parameters, queryParameters(request));
    const container = app.database.container(CUSTOMER_ORDERS.name);
    const found = await readPage<ListedCustomer>(container, wordsMatch(q, 'words'), { ...page, ...LIST });
    return listResponse(found, toCustomer);
  });
}

type ListedCustomer = KnownCustomer & { readonly customerSortKey: string };
