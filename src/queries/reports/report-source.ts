/** A value of a parameter, with its type in SQL. */
export type ReportParameter =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'integer'; readonly value: number }
  /** `date` is a UTC day. */
  | { readonly type: 'date' | 'time'; readonly value: Date };

/** An amount is a number, or a string of its digits. */
export type ReportValue = string | number | bigint | Date | null;
export type ReportRow = Readonly<Record<string, ReportValue>>;

/** Where reports are computed: a database with the tables of the lake, `dbo.orders` and so on. */
export interface ReportSource {
  /**
   * Runs a query, which names its parameters `@name`. Rejects when the lake cannot be read.
   * @param signal ends the query
   */
  query(
    sql: string,
    parameters: Readonly<Record<string, ReportParameter>>,
    signal: AbortSignal,
  ): Promise<readonly ReportRow[]>;
  close(): Promise<void>;
}
