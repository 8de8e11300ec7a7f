import type { Report, ReportColumnType, SortPart } from './report.ts';
import type { ReportParameter } from './report-source.ts';

/** What a page of a report is asked for. */
export interface ReportRequest {
  /** First and last day (UTC) on which the orders were placed. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Maximum rows. */
  readonly limit: number;
  /** The values of the sort fields in the last row of the page before. */
  readonly after: readonly (string | number)[] | undefined;
}

export interface ReportQuery {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, ReportParameter>>;
}

/**
 * Builds the query of a page. The body of the view reads `orders`; here, these are the orders of the requested days. Synapse serverless SQL
 * and DuckDB take the same text.
 */
export function reportQuery(report: Report, body: string, { from, to, limit, after }: ReportRequest): ReportQuery {
  const keys = after?.map((value, index) => [`after${index}`, keyOf(report, index, value)] as const) ?? [];
  const days = [
    ...(from === undefined ? [] : [['from', 'o.placed_on >= @from', from] as const]),
    ...(to === undefined ? [] : [['to', 'o.placed_on <= @to', to] as const]),
  ];
  const columns = Object.values(report.columns).map(({ column }) => `r.${column}`);
  const order = report.order.map(({ field, direction }) => `r.${columnOf(report, field)} ${DIRECTION[direction]}`);
  return {
    sql: `WITH orders AS (SELECT o.* FROM dbo.orders AS o${where(days.map(([, sql]) => sql))}),
report AS (${body})
SELECT ${columns.join(', ')} FROM report AS r${where(keys.length === 0 ? [] : [afterKeys(report)])}
ORDER BY ${order.join(', ')} OFFSET 0 ROWS FETCH NEXT ${limit} ROWS ONLY`,
    parameters: {
      ...Object.fromEntries(days.map(([name, , day]) => [name, { type: 'date', value: new Date(day) } as const])),
      ...Object.fromEntries(keys),
    },
  };
}

/** When the newest event in the tables happened; null while they are empty. */
export const AS_OF_QUERY = `SELECT MAX(t.updated_at) AS as_of FROM (
SELECT updated_at FROM dbo.orders UNION ALL SELECT updated_at FROM dbo.customers UNION ALL SELECT updated_at FROM dbo.products
) AS t`;

const DIRECTION = { ascending: 'ASC', descending: 'DESC' } as const;

const where = (conditions: readonly string[]) => (conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`);

function columnOf({ columns }: Report, field: string): string {
  const found = columns[field]?.column;
  if (found === undefined) throw new Error(`The report has no field ${field}.`);
  return found;
}

/** The rows after a key of several columns: greater in the first one, or equal there and greater in the next one, and so on. */
function afterKeys(report: Report): string {
  const alternatives = report.order.map((part, index) => {
    const equal = report.order.slice(0, index).map(({ field }, at) => `r.${columnOf(report, field)} = @after${at}`);
    return [...equal, comparison(report, part, index)].join(' AND ');
  });
  return `((${alternatives.join(') OR (')}))`;
}

const comparison = (report: Report, { field, direction }: SortPart, index: number) =>
  `r.${columnOf(report, field)} ${direction === 'ascending' ? '>' : '<'} @after${index}`;

function keyOf(report: Report, index: number, value: string | number): ReportParameter {
  const type: ReportColumnType | undefined = report.columns[report.order[index]?.field ?? '']?.type;
  if (type === 'date' || type === 'time') return { type, value: new Date(value) };
  return typeof value === 'number' ? { type: 'integer', value } : { type: 'text', value };
}
