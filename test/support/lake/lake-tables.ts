import { randomBytes } from 'node:crypto';
import { encodeCapture } from '../../../local/event-hubs/capture-file.ts';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { readSnapshot } from '../../../src/shared/lake/delta/read-snapshot.ts';
import type { LakeFiles } from '../../../src/shared/lake/lake-files.ts';
import { TABLES, type Table } from '../../../src/shared/lake/tables.ts';
import { encryptEvent } from '../../../src/shared/personal-data/event-encryption.ts';
import type { Runtime } from '../../../src/shared/runtime.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { type FilledLake, lakeFiller } from '../../../src/sync/lake/fill-lake.ts';
import type { Row } from '../../../src/sync/lake/row-file.ts';
import { readFiles } from '../../../src/sync/lake/table-files.ts';

export const CAPTURED = 'localhost/order-events';

const key = { keyId: 'key-1', key: randomBytes(32) };

/** An event as the hub has it. */
export const published = (event: EventEnvelope): string => encryptEvent(event, key, systemRuntime);

/** The path of a captured file, by its time: `2026/01/20/10/30/00/0`. */
export const capturedPath = (time: string): string => `${CAPTURED}/${time}.avro`;

/** Encodes bodies as a captured file. */
export function captureFile(bodies: readonly string[]): Promise<Buffer> {
  return encodeCapture(
    bodies.map((body, index) => ({
      partitionId: '0',
      sequenceNumber: index,
      offset: String(index * 16),
      body: Buffer.from(body),
      properties: {},
      enqueuedTime: new Date(Date.UTC(2026, 0, 20)),
    })),
  );
}

/** A run of the job in a process of its own, which remembers nothing of other runs. */
export function fillOnce(
  capture: LakeFiles,
  tables: LakeFiles,
  runtime: Pick<Runtime, 'now' | 'newId' | 'monotonicMs'> = systemRuntime,
): Promise<FilledLake> {
  return lakeFiller({ capture, tables, folder: CAPTURED, runtime, warn: () => undefined })();
}

/** The rows of a table's newest version, sorted by key. */
export async function rowsOf(table: Table, tables: LakeFiles): Promise<readonly Row[]> {
  const { files } = await readSnapshot(tables, table.name);
  const rows = await readFiles(table, [...files.values()], tables);
  const keyOf = (row: Row) => table.key.map((column) => String(row[column])).join('/');
  return rows.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
}

/** The rows of all tables, by the table's name. */
export async function allRows(tables: LakeFiles): Promise<Readonly<Record<string, readonly Row[]>>> {
  const entries = await Promise.all(TABLES.map(async (table) => [table.name, await rowsOf(table, tables)] as const));
  return Object.fromEntries(entries);
}
