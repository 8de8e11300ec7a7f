import type { Invoice } from './read-invoices.ts';

/** The API's limit for the lines of an order. */
export const MAX_ORDER_LINES = 500;

/**
 * Splits an invoice into the orders that it is imported as: one, or several when it has more lines than an order can have. The first
 * has the invoice's number, the others a suffix: `581219`, `581219-2`. Invoice numbers are digits only, so no other invoice has
 * such a number.
 */
export function splitInvoice(invoice: Invoice): readonly Invoice[] {
  const { invoiceNo, lines } = invoice;
  return Array.from({ length: Math.ceil(lines.length / MAX_ORDER_LINES) }, (_, index) => ({
    ...invoice,
    invoiceNo: index === 0 ? invoiceNo : `${invoiceNo}-${index + 1}`,
    lines: lines.slice(index * MAX_ORDER_LINES, (index + 1) * MAX_ORDER_LINES),
  }));
}

/** Returns a sentence for each invoice that is split. */
export function describeSplits(invoices: readonly Invoice[]): readonly string[] {
  return invoices.flatMap((invoice) => {
    const orders = splitInvoice(invoice);
    if (orders.length === 1) return [];
    const ids = orders.map(({ invoiceNo }) => invoiceNo).join(', ');
    return [
      `Invoice ${invoice.invoiceNo} has ${invoice.lines.length} lines, but an order has at most ${MAX_ORDER_LINES}: it is ${orders.length} orders, ${ids}.`,
    ];
  });
}
