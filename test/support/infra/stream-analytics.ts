import { DatabaseSync } from 'node:sqlite';

/** An event as Stream Analytics gets it: the body, and when the hub received it (milliseconds since 1970). */
export interface ArrivedEvent {
  readonly body: string;
  readonly arrivedAt: number;
}

/** Milliseconds in a unit of the query language. */
const UNITS: Readonly<Record<string, number>> = { millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000 };

const msOf = (unit = '', count = '1'): number => {
  const ms = UNITS[unit.toLowerCase()];
  if (ms === undefined) throw new Error(`The unit ${unit} is not translated.`);
  return ms * Number(count);
};

/**
 * What the query language of Stream Analytics has and SQLite has not, in SQLite's words. Every event has a time, which each step passes
 * on: of the arrival, because the query has no TIMESTAMP BY. The meaning follows the documentation:
 * https://learn.microsoft.com/stream-analytics-query/stream-analytics-query-language-reference
 */
const TRANSLATIONS: readonly (readonly [what: RegExp, sql: (...groups: string[]) => string])[] = [
  [/--.*$/gm, () => ''],
  // Each step passes the time of its events on.
  [/\bAS \(\s*SELECT\b/g, () => 'AS (SELECT event_time, event_number,'],
  // A property of a nested record.
  [/\b(\w+)\.\[(\w+)\]\.(\w+)/g, (_, event, record, property) => `(${event}.[${record}] ->> '$.${property}')`],
  [/\bCAST\((.+?) AS datetime\)/g, (_, text = '') => text],
  [/\bDATEDIFF\((\w+),/g, (_, unit) => `datediff(${msOf(unit)},`],
  // The event before, of the same partition, if it is not older than the limit.
  [
    /\bLAG\((\w+)\) OVER \(PARTITION BY (\w+) LIMIT DURATION\((\w+), (\d+)\)\)/g,
    (_, ...[value, partition, unit, count]) => {
      const window = `(PARTITION BY ${partition} ORDER BY event_time, event_number)`;
      const age = `event_time - LAG(event_time) OVER ${window}`;
      return `CASE WHEN ${age} <= ${msOf(unit, count)} THEN LAG(${value}) OVER ${window} END`;
    },
  ],
  [/\bINTO \[[\w-]+\]/g, () => ''],
];

const TUMBLING_WINDOW = /\bTumblingWindow\((\w+), (\d+)\)/;

/** Translates a query. Throws an Error for what it does not know, rather than run something that means something else. */
export function toSqlite(query: string): string {
  const [window, unit, count] = TUMBLING_WINDOW.exec(query) ?? [];
  if (window === undefined) throw new Error('The query has no tumbling window.');
  // A window includes its end, and not its start.
  const size = msOf(unit, count);
  const end = `(event_time + ${size - 1}) / ${size} * ${size}`;
  const translated = TRANSLATIONS.reduce((sql, [what, by]) => sql.replaceAll(what, by), query);
  const sql = translated.replace(window, end).replaceAll('System.Timestamp()', end);
  const unknown = /\b(LIMIT|DURATION|TIMESTAMP|System|\w+Window|ISFIRST|APPLY|INTO)\b/i.exec(sql);
  if (unknown !== null) throw new Error(`${unknown[0]} is not translated.`);
  return sql;
}

/** The rows that a query writes for events of the input `order-events`, in order of arrival. */
export function runStreamQuery(query: string, events: readonly ArrivedEvent[]): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(':memory:');
  database.function('datediff', (unit, from, to) => Math.floor((Number(to) - Date.parse(String(from))) / Number(unit)));
  database.exec(`CREATE TABLE [order-events]
    (eventType TEXT, [order] TEXT, EventEnqueuedUtcTime INTEGER, event_time INTEGER, event_number INTEGER)`);
  const insert = database.prepare('INSERT INTO [order-events] VALUES (?, ?, ?, ?, ?)');
  for (const [index, { body, arrivedAt }] of events.entries()) {
    const { eventType, order = null } = JSON.parse(body);
    insert.run(eventType, JSON.stringify(order), arrivedAt, arrivedAt, index);
  }
  const rows = database.prepare(toSqlite(query)).all();
  database.close();
  return rows;
}
