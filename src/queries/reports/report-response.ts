import * as z from 'zod';
import { currencyDecimals, toDecimal } from '../../shared/money.ts';
import { REPORTS, type Report, type ReportColumn, type ReportColumnType } from './report.ts';
import type { ReportRow, ReportValue } from './report-source.ts';

/** Who reads a report. Analysts never see a person. */
export type Viewer = 'admin' | 'analyst';

const SCHEMAS: Readonly<Record<ReportColumnType, z.ZodType>> = {
  text: z.string(),
  integer: z.int(),
  money: z.number(),
  date: z.iso.date(),
  time: z.iso.datetime(),
};

type Field = readonly [field: string, column: ReportColumn];

/** The fields of a report's rows that the viewer gets. */
function fieldsFor({ columns }: Report, viewer: Viewer): readonly Field[] {
  return Object.entries(columns).filter(([, { adminsOnly }]) => viewer === 'admin' || adminsOnly !== true);
}

/** The schema of a column's values in responses. */
export const schemaOf = ({ type, describe }: ReportColumn) =>
  describe === undefined ? SCHEMAS[type] : SCHEMAS[type].describe(describe);

/** The body of a response, for any report. */
export function reportBody(viewer: Viewer): z.ZodType<object> {
  const bodies = Object.entries(REPORTS).map(([name, report]) => {
    const row = z.object(
      Object.fromEntries(fieldsFor(report, viewer).map(([field, column]) => [field, schemaOf(column)])),
    );
    return z.object({
      name: z.literal(name),
      asOf: z.iso.datetime().nullable().describe('When the newest event in the lake happened; null while it has none.'),
      items: z.array(viewer === 'admin' ? row.strict() : row),
      continuationToken: z.string().exactOptional(),
    });
  });
  return z.union(viewer === 'admin' ? bodies.map((body) => body.strict()) : bodies);
}

/** An entry of the response. Throws when a row does not have the columns of the report. */
export function toItem(report: Report, row: ReportRow, viewer: Viewer): object {
  const currency = String(row.currency);
  return Object.fromEntries(
    fieldsFor(report, viewer).map(([field, { column, type }]) => [field, toJson(row[column], type, currency)]),
  );
}

/** A value as it is in a response. Amounts are rounded to the currency's decimals, which only an average needs. */
export function toJson(value: ReportValue | undefined, type: ReportColumnType, currency: string): string | number {
  switch (type) {
    case 'text':
      return z.string().parse(value);
    case 'integer':
      return Number(value);
    case 'money':
      return toDecimal(Math.round(Number(value) * 10 ** currencyDecimals(currency)), currency);
    case 'date':
      return z.date().parse(value).toISOString().slice(0, 10);
    case 'time':
      return z.date().parse(value).toISOString();
  }
}
