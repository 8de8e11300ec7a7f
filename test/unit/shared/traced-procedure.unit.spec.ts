import { SpanStatusCode } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { withSpan } from '../../../src/shared/telemetry/tracing.ts';
import { executeProcedure } from '../../../src/shared/write-database/azure-sql/procedures.ts';
import { recordSpans } from '../../support/recorded-spans.ts';

const spans = recordSpans();

it('a stored procedure has a span under the step that calls it, without the message of an error', async () => {
  const failure = Object.assign(new Error('Truncated value: Ada'), { code: 'EREQUEST' });
  const database = { run: () => Promise.reject(failure) };

  const loading = withSpan({ name: 'load' }, () => executeProcedure(database, 'LoadForCommand', { CommandId: 'key' }));

  await expect(loading).rejects.toBe(failure);
  expect(spans.under(spans.named('load'))).toEqual(['EXECUTE orders.LoadForCommand']);
  expect(spans.named('EXECUTE orders.LoadForCommand')).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: {
      'db.system.name': 'microsoft.sql_server',
      'db.operation.name': 'EXECUTE',
      'db.stored_procedure.name': 'orders.LoadForCommand',
      'error.type': 'EREQUEST',
    },
  });
});
