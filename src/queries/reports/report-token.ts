import * as z from 'zod';
import { parsePosition } from '../../shared/http/continuation-token.ts';
import type { Report } from './report.ts';
import { schemaOf, toJson } from './report-response.ts';
import type { ReportRow } from './report-source.ts';

/** The values of a row's sort fields, as they are in a response. */
export type ReportPosition = readonly (string | number)[];

/**
 * The position after a row. It names nobody: no report is sorted by a customer.
 * @param list identifies the report and its days
 */
export function tokenAfter(row: ReportRow, list: string, { order, columns }: Report): string {
  const values = order.map(({ field }) => {
    const column = columns[field];
    return column === undefined ? null : toJson(row[column.column], column.type, String(row.currency));
  });
  return Buffer.from(`${list}${JSON.stringify(values)}`).toString('base64url');
}

/** Throws Problem `validation-failed` for the token of another report or other days. */
export function positionOf(token: string, list: string, { order, columns }: Report): ReportPosition {
  const isValue = (value: unknown, index: number) => {
    const column = columns[order[index]?.field ?? ''];
    return column !== undefined && schemaOf(column).safeParse(value).success;
  };
  const position = z
    .array(z.union([z.string(), z.number()]))
    .length(order.length)
    .refine((values) => values.every(isValue));
  return parsePosition(position, token.startsWith(list) ? token.slice(list.length) : '');
}
