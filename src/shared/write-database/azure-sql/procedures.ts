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
  const { recordsets } = await database.run((pool) => {
    const request = pool.request();
    for (const [name, value] of Object.entries(parameters)) request.input(name, value);
    return request.execute<Record<string, unknown>>(`orders.${procedure}`);
  });
  return Array.isArray(recordsets) ? recordsets : [];
}
