import type { MinorUnits } from '../../src/shared/money.ts';
import { BadFile, badValue } from './bad-file.ts';
import { createDateOrderEvidence } from './date-order.ts';
import type { DateOrder, ParsedDate } from './parse-date.ts';
import { isWholeFloat, withoutFraction } from './parse-fields.ts';
import { toProductId } from './product-id.ts';
import { type Row, readRows } from './read-rows.ts';

export interface InvoiceLine {
  /** The stock code, or the id that stands for it. See toProductId. */
  readonly productId: string;
  /** Trimmed. Empty when the file has none. */
  readonly description: string;
  readonly quantity: number;
  /** In pennies. */
  readonly price: MinorUnits;
}

/** An invoice that is imported as an order. It has a customer and at least one line. */
export interface Invoice {
  readonly invoiceNo: string;
  readonly customerId: string;
  /** ISO 8601 UTC. Taken from the first line, because the lines of a few invoices differ by a minute. */
  readonly placedAt: string;
  /** In file order. Several lines can have the same product. */
  readonly lines: readonly InvoiceLine[];
}

export type SkipReason =
  | 'cancelled invoice'
  | 'invoice number not numeric'
  | 'no customer'
  | 'quantity not positive'
  | 'price not positive'
  | 'price finer than a penny'
  | 'invoice number too long'
  | 'stock code too long'
  | 'stock code not visible';

/** Reasons that depend on the API and not on the data set. Their lines are described one by one. */
const UNEXPECTED: ReadonlySet<SkipReason> = new Set<SkipReason>([
  'invoice number too long',
  'stock code too long',
  'stock code not visible',
]);

/** Leaves room for the suffix of an invoice that is split into several orders: the API's limit for ids is 64. */
const MAX_INVOICE_NO_LENGTH = 56;

export interface InvoiceFile {
  /** In the order of their first lines. */
  readonly invoices: readonly Invoice[];
  /** Number of skipped lines by the first reason that applies. */
  readonly skipped: ReadonlyMap<SkipReason, number>;
  /** A sentence for each line that was skipped although it is a valid line of an invoice. */
  readonly warnings: readonly string[];
}

interface DraftLine extends Pick<Row, 'stockCode' | 'description' | 'quantity'> {
  readonly price: MinorUnits;
}

interface Draft extends Pick<Row, 'invoiceNo' | 'customerId' | 'date'> {
  readonly lines: DraftLine[];
}

/**
 * Reads a whole CSV file, optionally gzipped, into invoices. The lines of an invoice need not be adjacent. Without a `dateOrder`, the
 * dates of the file decide it. Throws BadFile with line and column at the first error.
 */
export async function readInvoices(path: string, dateOrder?: DateOrder): Promise<InvoiceFile> {
  const drafts = new Map<string, Draft>();
  const skipped = new Map<SkipReason, number>();
  const warnings: string[] = [];
  const dates = createDateOrderEvidence();
  let lines = 0;
  let allWholeFloats = true;
  for await (const row of readRows(path)) {
    lines += 1;
    dates.note(row.date, row.dateSource);
    allWholeFloats &&= isWholeFloat(row.stockCode);
    const reason = skipReason(row);
    if (reason === undefined) {
      addLine(drafts, row);
      continue;
    }
    skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    if (UNEXPECTED.has(reason)) warnings.push(`Line ${row.line} is skipped: ${reason}.`);
  }
  if (lines === 0) throw new BadFile('the file has no data after its header');
  const order = dates.decide(dateOrder);
  const codeOf = allWholeFloats ? withoutFraction : (stockCode: string): string => stockCode;
  return { invoices: [...drafts.values()].map((draft) => toInvoice(draft, order, codeOf)), skipped, warnings };
}

function addLine(drafts: Map<string, Draft>, row: Row): void {
  const { invoiceNo, customerId, date, stockCode, description, quantity, amount } = row;
  const draft = drafts.get(invoiceNo) ?? { invoiceNo, customerId, date, lines: [] };
  if (draft.customerId !== customerId) {
    const wrong = `invoice ${invoiceNo} has customer ${draft.customerId} on an earlier line`;
    throw badValue(row.line, row.nameOf('CustomerID'), wrong);
  }
  draft.lines.push({ stockCode, description, quantity, price: amount.pennies });
  drafts.set(invoiceNo, draft);
}

function toInvoice(
  { invoiceNo, customerId, date, lines }: Draft,
  order: DateOrder,
  codeOf: (stockCode: string) => string,
): Invoice {
  return {
    invoiceNo,
    customerId,
    placedAt: existing(date, order),
    lines: lines.map(({ stockCode, description, quantity, price }) => {
      const code = codeOf(stockCode);
      // Lines whose stock code has no product id were skipped.
      return { productId: toProductId(code).id ?? code, description, quantity, price };
    }),
  };
}

/** The order was chosen so that every date of the file exists in it. */
function existing(date: ParsedDate, order: DateOrder): string {
  const iso = date[order];
  if (iso === undefined) throw new Error(`A date of the file does not exist ${order}.`);
  return iso;
}

function skipReason({ invoiceNo, customerId, quantity, amount, stockCode }: Row): SkipReason | undefined {
  if (/^c\d+$/i.test(invoiceNo)) return 'cancelled invoice';
  if (!/^\d+$/.test(invoiceNo)) return 'invoice number not numeric';
  if (customerId === '') return 'no customer';
  if (quantity <= 0) return 'quantity not positive';
  if (amount.sign <= 0) return 'price not positive';
  if (!amount.exact) return 'price finer than a penny';
  if (invoiceNo.length > MAX_INVOICE_NO_LENGTH) return 'invoice number too long';
  const product = toProductId(stockCode);
  return product.id === undefined ? `stock code ${product.problem}` : undefined;
}
