import { type Action, type AddFile, commitOf } from '../../shared/lake/delta/actions.ts';
import { commitPath, readSnapshot } from '../../shared/lake/delta/read-snapshot.ts';
import type { Snapshot } from '../../shared/lake/delta/snapshot.ts';
import { COLUMN_TYPES, type Table } from '../../shared/lake/tables.ts';
import { isCheckpointDue, maintainTable } from './maintain-table.ts';
import type { Row } from './row-file.ts';
import type { AggregateRows } from './rows-of-event.ts';
import { commitInfo, readFiles, replaceFiles, type TableServices } from './table-files.ts';
import { TABLE_PROPERTIES } from './table-properties.ts';

/** Races for a commit that a run may lose. */
const MAX_ATTEMPTS = 5;

/**
 * Replaces the rows of aggregates, except by rows of the same or a lower version, in one commit. Another writer may commit at the same time:
 * then everything is done again on top of its commit. Throws when that happens too often.
 * @param record further actions of the commit, given the table's state; the commit is left out when there are none and no row changes
 */
export async function upsertRows(
  table: Table,
  aggregates: readonly AggregateRows[],
  services: TableServices,
  record: (snapshot: Snapshot) => readonly Action[] = () => [],
): Promise<void> {
  const { files, runtime } = services;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const snapshot = await readSnapshot(files, table.name);
    const actions = [
      ...(snapshot.version < 0 ? creation(table, runtime) : []),
      ...record(snapshot),
      ...(await rewriteBuckets(table, snapshot, aggregates, services)),
    ];
    if (actions.length === 0) return;
    const version = snapshot.version + 1;
    const commit = commitOf([{ commitInfo: commitInfo('MERGE', runtime.now()) }, ...actions]);
    if (!(await files.create(commitPath(table.name, version), commit))) continue;
    if (isCheckpointDue(version)) {
      await maintainTable(table, services).catch((error) => services.warn(`${table.name} was not maintained.`, error));
    }
    return;
  }
  throw new Error(`Other writers have changed ${table.name} ${MAX_ATTEMPTS} times in a row.`);
}

function creation({ name, columns }: Table, { newId, now }: TableServices['runtime']): readonly Action[] {
  const fields = Object.entries(columns).map(([column, type]) => ({
    name: column,
    type: COLUMN_TYPES[type],
    nullable: true,
    metadata: {},
  }));
  const metaData = {
    id: newId(),
    name,
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify({ type: 'struct', fields }),
    partitionColumns: [],
    createdTime: now(),
    configuration: TABLE_PROPERTIES,
  };
  return [{ protocol: { minReaderVersion: 1, minWriterVersion: 2 } }, { metaData }];
}

/** Rewrites the files whose rows change, one bucket at a time, so that memory is needed for one bucket. */
async function rewriteBuckets(
  table: Table,
  { files }: Snapshot,
  aggregates: readonly AggregateRows[],
  services: TableServices,
): Promise<readonly Action[]> {
  const actions: Action[] = [];
  const all = [...files.values()];
  for (const [target, changed] of Map.groupBy(aggregates, ({ bucket }) => targetOf(bucket, all))) {
    const replaced = all.filter(({ tags }) => tags?.bucket === target);
    const rows = await readFiles(table, replaced, services.files);
    const merged = merge(table, rows, changed);
    if (merged !== undefined)
      actions.push(...(await replaceFiles(table, target, { replaced, rows: merged }, services)));
  }
  return actions;
}

/** The bucket of the file that has a day: its month, once the files of the month were put together; otherwise itself. */
function targetOf(bucket: string, files: readonly AddFile[]): string {
  return files.find(({ tags }) => tags?.bucket === bucket.slice(0, 7)) ? bucket.slice(0, 7) : bucket;
}

/** The rows after the changes, by key; undefined when nothing changes. */
function merge(table: Table, rows: readonly Row[], changed: readonly AggregateRows[]): readonly Row[] | undefined {
  const merged = new Map<string, readonly Row[]>(Map.groupBy(rows, (row) => String(row[table.aggregate])));
  let changes = false;
  for (const { id, version, rows: newRows } of changed) {
    const known = merged.get(id)?.[0]?.version ?? 0;
    if (version <= known) continue;
    merged.set(id, newRows);
    changes = true;
  }
  if (!changes) return undefined;
  return [...merged].toSorted(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, ofAggregate]) => ofAggregate);
}
