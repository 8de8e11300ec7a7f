import { EVENT_CONTRACTS } from '../../src/shared/events/envelope.ts';
import type { AggregateNames } from './aggregates.ts';
import type { Changes } from './changes.ts';
import { NotGenerated } from './not-generated.ts';

/** Names that the code and the templates have for something else. */
const RESERVED: ReadonlySet<string> = new Set([
  'Aggregate',
  'Array',
  'Date',
  'Decider',
  'Decision',
  'Document',
  'Error',
  'Fields',
  'Function',
  'Head',
  'Label',
  'Map',
  'Number',
  'Object',
  'Problem',
  'Projection',
  'Promise',
  'Query',
  'Record',
  'Request',
  'Response',
  'Row',
  'Set',
  'State',
  'String',
  'Symbol',
  'Table',
]);

/** The plurals among the reserved words of T-SQL. They cannot name a table. */
const PLURALS_OF_T_SQL: ReadonlySet<string> = new Set(['Contains', 'Exists', 'Offsets', 'Statistics', 'Values']);

/** Throws `NotGenerated` when code or tables already use the name of an aggregate for something else. */
export function requireUnreserved(changes: Changes, { one, many }: Pick<AggregateNames, 'one' | 'many'>): void {
  if (PLURALS_OF_T_SQL.has(many.pascal)) {
    throw new NotGenerated(`"${one.pascal}" cannot be used: its table, ${many.pascal}, is a reserved word of T-SQL.`);
  }
  const isField = [...EVENT_CONTRACTS.values()].some(({ schema }) => Object.hasOwn(schema.shape, one.camel));
  if (RESERVED.has(one.pascal) || isField || isInStore(changes, { one, many })) {
    throw new NotGenerated(`"${one.pascal}" cannot be used: the code has another meaning for it.`);
  }
}

/** Whether loads and commits have a field with the name, or the schemas of their rows declare it. */
function isInStore(changes: Changes, { one, many }: Pick<AggregateNames, 'one' | 'many'>): boolean {
  const port = changes.text('src/commands/write-store/write-store.ts');
  const rows = changes.text('src/commands/write-store/rows.ts');
  const interfaces = port.match(/^export interface (LoadRequest|LoadedRows|CommandCommit) \{\n[\s\S]*?^\}/gm) ?? [];
  const field = new RegExp(`^ {2}readonly (${one.camel}|${one.camel}Id|${many.camel})\\??:`, 'm');
  const declaration = new RegExp(`^const ${one.camel} =|^import \\{[^}]*\\b${one.camel}\\b|^ {2}${many.camel}:`, 'm');
  return interfaces.some((text) => field.test(text)) || declaration.test(rows);
}
