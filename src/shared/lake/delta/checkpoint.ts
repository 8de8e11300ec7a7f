/** Checkpoints: the whole state of a table in one Parquet file. https://github.com/delta-io/delta/blob/master/PROTOCOL.md#checkpoints */
import { parquetReadObjects, type SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Action, action } from './actions.ts';
import type { Snapshot } from './snapshot.ts';

type Elements = readonly SchemaElement[];

const leaf =
  (element: Pick<SchemaElement, 'type' | 'converted_type'>) =>
  (name: string, repetition: 'OPTIONAL' | 'REQUIRED' = 'OPTIONAL'): Elements => [
    { ...element, name, repetition_type: repetition },
  ];
const text = leaf({ type: 'BYTE_ARRAY', converted_type: 'UTF8' });
const long = leaf({ type: 'INT64' });
const integer = leaf({ type: 'INT32' });
const boolean = leaf({ type: 'BOOLEAN' });

const group = (name: string, ...children: readonly Elements[]): Elements => [
  { name, repetition_type: 'OPTIONAL', num_children: children.length },
  ...children.flat(),
];
const map = (name: string): Elements => [
  { name, repetition_type: 'OPTIONAL', converted_type: 'MAP', num_children: 1 },
  { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
  ...text('key', 'REQUIRED'),
  ...text('value'),
];
const list = (name: string): Elements => [
  { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...text('element'),
];

/** https://github.com/delta-io/delta/blob/master/PROTOCOL.md#checkpoint-schema */
const COLUMNS = {
  txn: group('txn', text('appId'), long('version'), long('lastUpdated')),
  add: group(
    'add',
    text('path'),
    map('partitionValues'),
    long('size'),
    long('modificationTime'),
    boolean('dataChange'),
    text('stats'),
    map('tags'),
  ),
  remove: group(
    'remove',
    text('path'),
    long('deletionTimestamp'),
    boolean('dataChange'),
    boolean('extendedFileMetadata'),
    map('partitionValues'),
    long('size'),
  ),
  metaData: group(
    'metaData',
    text('id'),
    text('name'),
    group('format', text('provider'), map('options')),
    text('schemaString'),
    list('partitionColumns'),
    long('createdTime'),
    map('configuration'),
  ),
  protocol: group('protocol', integer('minReaderVersion'), integer('minWriterVersion')),
} as const satisfies Record<keyof Action, Elements>;

const NAMES = ['txn', 'add', 'remove', 'metaData', 'protocol'] as const satisfies readonly (keyof Action)[];
const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: NAMES.length },
  ...NAMES.flatMap((name) => COLUMNS[name]),
];

/** The rows of a checkpoint. Their number is the `size` of `_last_checkpoint`. */
export function checkpointActions({
  protocol,
  metaData,
  files,
  tombstones,
  transactions,
}: Snapshot): readonly Action[] {
  return [
    { protocol },
    { metaData },
    ...[...transactions.values()].map((txn) => ({ txn })),
    // A checkpoint is about the state, so nothing in it changes data.
    ...[...tombstones.values()].map((remove) => ({ remove: { ...remove, dataChange: false } })),
    ...[...files.values()].map((add) => ({ add: { ...add, dataChange: false } })),
  ];
}

/** Encodes a checkpoint. */
export function encodeCheckpoint(actions: readonly Action[]): Buffer {
  const columnData = NAMES.map((name) => ({ name, data: actions.map((one) => longs(one[name] ?? null)) }));
  return Buffer.from(parquetWriteBuffer({ columnData, schema: SCHEMA }));
}

/** Decodes a checkpoint of one file. */
export async function decodeCheckpoint(content: Buffer): Promise<readonly Action[]> {
  const file = new Uint8Array(content).buffer;
  return (await parquetReadObjects({ file })).map((row) => action.parse(row));
}

/** 64-bit integers are written from bigints. */
const LONGS = new Set(['version', 'lastUpdated', 'size', 'modificationTime', 'deletionTimestamp', 'createdTime']);

function longs(value: object | null): object | null {
  if (value === null) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      typeof field === 'number' && LONGS.has(name) ? BigInt(field) : field,
    ]),
  );
}
