import { type BadFile, badValue } from './bad-file.ts';
import type { DateOrder, ParsedDate } from './parse-date.ts';

/** A date in the file, for messages. `line` counts from 1, `column` is the name in the header. */
export interface DateSource {
  readonly line: number;
  readonly column: string;
  readonly text: string;
}

export interface DateOrderEvidence {
  readonly note: (date: ParsedDate, source: DateSource) => void;
  /**
   * Returns the order in which every noted date exists: the requested one, or the only one possible. Throws BadFile when a date
   * does not exist in the requested order, when no order fits all dates, or when both do and none is requested.
   */
  readonly decide: (requested: DateOrder | undefined) => DateOrder;
}

/** The first date that exists only in an order, and the first that is a different day in each. */
interface Evidence {
  readonly 'month-first'?: DateSource;
  readonly 'day-first'?: DateSource;
  readonly ambiguous?: DateSource;
}

/**
 * Collects what the dates of a file say about their order. One date such as `13/12/2010` decides for the whole file. Without any,
 * `12/1/2010` would be a guess, and a wrong guess would place every order on a wrong day.
 */
export function createDateOrderEvidence(): DateOrderEvidence {
  let evidence: Evidence = {};
  return {
    note: (date, source) => {
      const kind = kindOf(date);
      if (kind !== undefined && evidence[kind] === undefined) evidence = { ...evidence, [kind]: source };
    },
    decide: (requested) => (requested === undefined ? detect(evidence) : check(requested, evidence)),
  };
}

/** Returns undefined for a date that is the same in each order, such as an ISO date. */
function kindOf({ 'month-first': monthFirst, 'day-first': dayFirst }: ParsedDate): keyof Evidence | undefined {
  if (dayFirst === undefined) return 'month-first';
  if (monthFirst === undefined) return 'day-first';
  return monthFirst === dayFirst ? undefined : 'ambiguous';
}

function detect({ 'month-first': monthFirst, 'day-first': dayFirst, ambiguous }: Evidence): DateOrder {
  if (monthFirst !== undefined && dayFirst !== undefined) throw contradiction(monthFirst, dayFirst);
  if (dayFirst !== undefined) return 'day-first';
  if (monthFirst !== undefined || ambiguous === undefined) return 'month-first';
  throw at(
    ambiguous,
    'can be month first or day first, and no date in the file shows which. Add --date-order month-first (as in the UCI data set) ' +
      'or --date-order day-first',
  );
}

function check(requested: DateOrder, evidence: Evidence): DateOrder {
  const against = evidence[requested === 'month-first' ? 'day-first' : 'month-first'];
  if (against === undefined) return requested;
  throw at(against, `is not ${words(requested)}, which --date-order requires`);
}

function contradiction(monthFirst: DateSource, dayFirst: DateSource): BadFile {
  return at(dayFirst, `is day first, but "${monthFirst.text}" on line ${monthFirst.line} is month first`);
}

function at({ line, column, text }: DateSource, wrong: string): BadFile {
  return badValue(line, column, `"${text}" ${wrong}`);
}

function words(order: DateOrder): string {
  return order.replace('-', ' ');
}
