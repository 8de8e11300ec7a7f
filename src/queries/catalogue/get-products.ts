import { z } from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { listAnswers, listResponse } from '../../shared/http/list-response.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import type { CatalogueProduct } from '../../shared/read-models/catalogue.ts';
import { CATALOGUE } from '../../shared/read-models/containers.ts';
import { pageParameters, readPage } from '../../shared/read-models/paging.ts';
import type { QueriesApp } from '../app.ts';
import { searchText, wordsMatch } from '../reading/word-search.ts';
import { catalogueQuery, product, toProduct } from './catalogue-query.ts';

const parameters = z.object({ q: searchText({ example: 'lamp' }), ...pageParameters });

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
      answers: listAnswers(product),
      problems: [],
    },
    async ({ request }) => {
      const { q, ...page } = validate(parameters, queryParameters(request));
      const container = app.database.container(CATALOGUE.name);
      const found = await readPage<CatalogueProduct>(container, wordsMatch(q, 'words'), { ...page, properties: READ });
      return listResponse(found, toProduct);
    },
  );
}
