import { withRequestSpan } from '../../telemetry/tracing.ts';
import type { SqlDatabase } from './sql-database.ts';

export type ProcedureParameters = Readonly<Record<string, string | number | null>>;

/**
 * Runs a stored procedure in the schema `orders`. Strings are sent as nvarchar, numbers as int.
 * Returns its result sets in the procedure's order. Throws `DatabaseUnavailable` and the driver's errors.
 */
export async function executeProcedure(
  database: Pick<SqlDatabase, 'run'>,
  procedure: string,
  parameters: ProcedureParameters,
): Promise<readonly (readonly Record<string, unknown>[])[]> {
  const name = `orders.${procedure}`;
  const execute = () =>
    database.run((pool) => {
      const request = pool.request();
      for (const [parameter, value] of Object.entries(parameters)) request.input(parameter, value);
      return request.execute<Record<string, unknown>>(name);
    });
  const { recordsets } = await withRequestSpan(() => spanOf(name), execute);
  return Array.isArray(recordsets) ? recordsets : [];
}

/** https://opentelemetry.io/docs/specs/semconv/database/sql-server/ */
function spanOf(procedure: string) {
  const attributes = () => ({
    'db.system.name': 'microsoft.sql_server',
    'db.operation.name': 'EXECUTE',
    'db.stored_procedure.name': procedure,
  });
  return { name: `EXECUTE ${procedure}`, attributes };
}
