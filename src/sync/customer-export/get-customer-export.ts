import * as z from 'zod';
import { customerNotFound, ownCustomer } from '../../shared/auth/own-customer.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { INVALID_TOKEN } from '../../shared/http/continuation-token.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import type { SyncApp } from '../app.ts';
import { type ExportPage, readExportPage } from './export-page.ts';
import { exportSources } from './sources.ts';
import { EXPORTED_STORES } from './stores.ts';

const parameters = z.object({
  continuationToken: z
    .base64url(INVALID_TOKEN)
    .max(1_000)
    .optional()
    .describe('The `continuationToken` of the page before.'),
});

const exportItem = z
  .strictObject({
    store: z.enum(EXPORTED_STORES).describe('The table or container that holds the record.'),
    record: z
      .record(z.string(), z.unknown())
      .describe('The record as it is stored, personal data decrypted, amounts in minor units of the currency.'),
  })
  .meta({ id: 'ExportedRecord' });

const operation: Operation = {
  name: 'getCustomerExport',
  method: 'GET',
  route: 'customers/{customerId}/export',
  summary:
    'Exports everything that the system holds about a customer, in pages: contact data, orders, events, records of commands, read models and dead letters.',
  roles: ['customer', 'admin'],
  tracedReaders: ['admin'],
  parameters,
  answers: {
    200: {
      description:
        'A page of about 1 MB, and a few MB at most. The last page has no `continuationToken`; any other page can be empty. A document that several events change can be repeated on a later page.',
      schema: z.strictObject({ items: z.array(exportItem), continuationToken: z.string().exactOptional() }),
    },
  },
  problems: ['customer-not-found'],
};

/** GET /customers/{customerId}/export. The sync app has it, because no other app can read both databases. */
export function getCustomerExport(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, operation, async ({ request, actor }) => {
    const customerId = ownCustomer(actor, routeId(request, 'customerId'));
    const { continuationToken } = validate(parameters, queryParameters(request));
    const page = await readPage(app, customerId, continuationToken).catch(notExported);
    return { jsonBody: page, headers: { 'cache-control': 'no-store' } };
  });
}

async function readPage(app: SyncApp, customerId: string, continuationToken: string | undefined): Promise<ExportPage> {
  const { customerExport } = await app.writeDatabase();
  const customer = await customerExport.customer(customerId);
  if (customer === undefined) throw customerNotFound(customerId);
  return readExportPage(exportSources(app, customerExport, { customerId, customer }), continuationToken);
}

const notRead = unavailable('The customer cannot be exported at the moment: try again.');

function notExported(error: unknown): never {
  if (error instanceof Problem) throw error;
  return notRead(error);
}
