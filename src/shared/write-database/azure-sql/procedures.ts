import type { ConnectionPool } from 'mssql';

export type ProcedureParameters = Readonly<Record<string, string | number | null>>;

/**
 * Runs a stored procedure of the schema `orders`. Strings are sent as nvarchar, numbers as int.
 * Returns its result sets, in the procedure's order. Throws what the driver throws.
 */
export async function executeProcedure(
  pool: ConnectionPool,
  procedure: string,
  parameters: ProcedureParameters,
): Promise<readonly (readonly Record<string, unknown>[])[]> {
  const request = pool.request();
  for (const [name, value] of Object.entries(parameters)) request.input(name, value);
  const { recordsets } = await request.execute<Record<string, unknown>>(`orders.${procedure}`);
  return Array.isArray(recordsets) ? recordsets : [];
}
