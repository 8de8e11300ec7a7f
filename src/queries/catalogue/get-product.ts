import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { documentAnswers, documentResponse } from '../../shared/http/document-response.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { Problem } from '../../shared/http/problem.ts';
import { type CatalogueProduct, PRODUCT_ID } from '../../shared/read-models/catalogue.ts';
import { CATALOGUE } from '../../shared/read-models/containers.ts';
import type { QueriesApp } from '../app.ts';
import { readDocument } from '../reading/read-document.ts';
import { catalogueQuery, product, toProduct } from './catalogue-query.ts';

/** GET /products/{productId}. The ETag has the product's version, and a revision that each change of the stock increments. */
export function getProduct(app: QueriesApp): HttpFunction {
  return catalogueQuery(
    app,
    {
      name: 'getProduct',
      route: 'products/{productId}',
      summary:
        'Gets a product with its price and available stock. A discontinued product is still returned, although lists leave it out.',
      headers: ['If-None-Match'],
      answers: documentAnswers(product),
      problems: ['product-not-found'],
    },
    async ({ request }) => {
      const productId = routeId(request, 'productId');
      const found = await readDocument<CatalogueProduct>(app.database.container(CATALOGUE.name), PRODUCT_ID, productId);
      if (found === undefined || !isKnown(found)) {
        throw new Problem('product-not-found', `There is no product ${productId}.`);
      }
      return documentResponse(request, found, toProduct(found));
    },
  );
}

/** False while only events of orders and later events of the product have arrived. */
const isKnown = ({ sortKey, discontinued }: CatalogueProduct) => sortKey !== undefined || discontinued === true;
