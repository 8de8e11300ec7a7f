import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import type { CatalogueProduct } from '../../shared/read-models/catalogue.ts';
import { pageParameters } from '../../shared/read-models/paging.ts';
import { PRODUCTS_LIST } from '../../shared/search/search-lists.ts';
import type { QueriesApp } from '../app.ts';
import { searchText } from '../reading/word-search.ts';
import { answerSearch, matchParameter, searchAnswers } from '../search/answer-search.ts';
import { catalogueQuery, product, toProduct } from './catalogue-query.ts';

const parameters = z.object({ q: searchText({ example: 'lamp' }), match: matchParameter, ...pageParameters });

/** The properties that a list reads. The words of a product stay in the database. */
const READ = [...product.keyof().options, 'sortKey'];

/** GET /products */
export function getProducts(app: QueriesApp): HttpFunction {
  return catalogueQuery(
    app,
    {
      name: 'getProducts',
      route: 'products',
      summary:
        'Lists the products of the catalogue, or those whose ids or names match a text. Newest first, without discontinued products.',
      parameters,
      answers: searchAnswers(product),
      problems: [],
    },
    async ({ request }) => {
      const wanted = validate(parameters, queryParameters(request));
      const search = { ...wanted, list: PRODUCTS_LIST, words: 'words', properties: READ } as const;
      return answerSearch<CatalogueProduct>(app.search, search, toProduct);
    },
  );
}
