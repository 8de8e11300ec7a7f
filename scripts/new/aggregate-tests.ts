import { type AggregateNames, renamedAggregate } from './aggregates.ts';
import type { Changes } from './changes.ts';
import { render } from './render.ts';

/** Adds the aggregate to the tests that cover every aggregate and every command. */
export function addToTests(changes: Changes, aggregate: AggregateNames): void {
  addLiterals(changes, aggregate);
  addToContract(changes, aggregate);
  addToFold(changes, aggregate);
  addToSequences(changes, aggregate);
  addToExamples(changes, aggregate);
}

/** A literal event and a literal commit. */
function addLiterals(changes: Changes, { one, firstEvent }: AggregateNames): void {
  const { pascal, camel } = one;
  const events = 'test/support/events/events.ts';
  changes.addImport(events, 'type EnvelopeOf', '../../../src/shared/events/envelope.ts');
  changes.addBefore(
    events,
    /^function envelope\(/m,
    `/** A literal ${pascal}Added. */
export function ${firstEvent}(head: Head = {}): EnvelopeOf<'${pascal}'> {
  const ${camel} = { ${camel}Id: head.aggregateId ?? '${camel}-1', label: 'First' };
  return {
    ...envelope(head, ${camel}.${camel}Id),
    eventType: '${pascal}Added',
    schemaVersion: 1,
    aggregateType: '${pascal}',
    data: ${camel},
    ${camel},
  };
}

`,
  );
  changes.addBefore(
    'test/support/commands/commits.ts',
    /^\/\*\* The commit with another command id\. \*\/$/m,
    `/** The commit of Add${pascal}; with a version above 1, a change of it. */
export function ${camel}Commit(fields: {
  readonly ${camel}Id: string;
  readonly label?: string;
  readonly version?: number;
}): CommandCommit {
  const { ${camel}Id, label = 'First', version = 1 } = fields;
  const ${camel} = { ${camel}Id, label };
  return {
    command: commandRecord('Add${pascal}', { aggregateType: '${pascal}', aggregateId: ${camel}Id, version }),
    events: [
      unencrypted({
        ...envelopeHead(${camel}Id, version),
        eventType: '${pascal}Added',
        schemaVersion: 1,
        aggregateType: '${pascal}',
        data: ${camel},
        ${camel},
      }),
    ],
    ${camel}: { ...${camel}, version },
    stock: [],
  };
}

`,
  );
}

/** The contract of the write stores, and the tables that it empties and compares. */
function addToContract(changes: Changes, aggregate: AggregateNames): void {
  const { one, many } = aggregate;
  changes.create(
    `test/contract/write-store-${many.kebab}.ts`,
    render('store-contract.ts', renamedAggregate(aggregate)),
  );
  const contract = 'test/contract/write-store-contract.ts';
  changes.addImport(contract, `${one.camel}Contract`, `./write-store-${many.kebab}.ts`);
  changes.addEntry(contract, /for \(const part of \[/, `    ${one.camel}Contract`);
  changes.addEntry('test/unit/shared/azure-sql-rows.unit.spec.ts', /const NONE = \{/, `${many.camel}: []`);
  changes.addEntry('test/support/commands/write-store-rows.ts', /const TABLES = \[/, `  '${many.pascal}'`);
  const tables = 'test/support/commands/tables.ts';
  changes.addEntry(tables, /return \{(?=\n {4}\w+: await rows\()/, `    ${many.pascal}: await rows('${many.pascal}')`);
  changes.addEntry(
    tables,
    /const ids = \{/,
    `    ${many.camel}: tables.${many.pascal}.map(({ ${one.pascal}Id }) => String(${one.pascal}Id))`,
  );
  changes.addEntry(
    tables,
    /return \{(?=\n {4}orders:)/,
    `    ${many.camel}: await Promise.all(ids.${many.camel}.map(async (${one.camel}Id) => (await load({ ${one.camel}Id })).${one.camel}))`,
  );
}

/** The fold of the log, which is compared with the tables. */
function addToFold(changes: Changes, { one, many, domain }: AggregateNames): void {
  const { pascal, camel, constant } = { ...one, constant: many.constant };
  const fold = 'test/support/events/fold-log.ts';
  changes.addImport(fold, `type ${pascal}State`, `../../../${domain}`);
  changes.addImport(fold, `${camel}Decider`, `../../../${domain}`);
  changes.addImport(fold, `type ${pascal}Row`, '../../../src/commands/write-store/write-store.ts');
  changes.addImport(fold, constant, '../commands/random-commands.ts');
  changes.addStatements(
    fold,
    /^export interface FoldedLog \{/m,
    `  readonly ${many.camel}: ReadonlyMap<string, Folded<${pascal}State>>;`,
  );
  changes.addEntry(fold, /const EMPTY_LOG: FoldedLog = \{/, `${many.camel}: new Map()`);
  changes.addStatements(
    fold,
    /switch \(event\.aggregateType\) \{/,
    `    case '${pascal}': {
      const { state, version } = log.${many.camel}.get(aggregateId) ?? { state: undefined, version: 0 };
      const after = { state: ${camel}Decider.evolve(state, event), version: version + 1 };
      return { ...log, ${many.camel}: new Map(log.${many.camel}).set(aggregateId, after) };
    }`,
  );
  changes.addBefore(
    fold,
    /^ {2}const \{ lastLine: _, \.\.\.state \} = existingOrder\(/m,
    `  if (aggregateType === '${pascal}') return log.${many.camel}.get(aggregateId)?.state;\n`,
  );
  changes.addEntry(fold, /const RANDOM_COMMANDS_IDS: AggregateIds = \{/, `${many.camel}: ${constant}`);
  changes.addStatements(
    fold,
    /^\): \{(?=\n {2}readonly orders:)/m,
    `  readonly ${many.camel}: readonly (${pascal}Row | undefined)[];`,
  );
  changes.addEntry(
    fold,
    /return \{(?=\n {4}orders:)/,
    `    ${many.camel}: ids.${many.camel}.map((${camel}Id) => {
      const { state, version = 0 } = log.${many.camel}.get(${camel}Id) ?? {};
      return state && { ...state, version };
    })`,
  );
}

/** The command in the random sequences, and with its longest values. */
function addToSequences(changes: Changes, { one, many, example }: AggregateNames): void {
  const random = 'test/support/commands/random-commands.ts';
  const { camel } = one;
  changes.addAfter(
    random,
    /^export const ORDERS = .*$/m,
    `\nexport const ${many.constant} = ['${camel}-1', '${camel}-2'] as const;`,
  );
  changes.addAfter(random, /^const orderId = .*$/m, `\nconst ${camel}Id = fc.constantFrom(...${many.constant});`);
  changes.addEntry(
    random,
    /const BY_TYPE: .* = \[/,
    `  [1, creating('${example.after.pascal}', { ${camel}Id, label: fc.constantFrom('First', '') })]`,
  );
  changes.addBefore(
    'test/support/commands/largest-commands.ts',
    /^ *\{ type: 'RegisterCustomer', /m,
    `    { type: '${example.after.pascal}', data: { ${camel}Id: id(0), label: text } },\n`,
  );
}

/** The tests that send the examples of every operation. */
function addToExamples(changes: Changes, { one, many, example }: AggregateNames): void {
  const { camel, kebab } = one;
  const [command, type] = [example.after.camel, example.after.pascal];
  const registry = 'test/e2e/registry.e2e.spec.ts';
  changes.addEntry(registry, /const CONTRACT: .* = \[/, `  ['POST', '/${many.kebab}', '${type}', ['admin']]`);
  changes.addEntry(registry, /const CREATING = new Set\(\[/, `'${type}'`);
  changes.addEntry('test/e2e/examples.e2e.spec.ts', /const ON_CREATED = \[/, `'get${one.pascal}'`);
  const examples = 'test/support/shop/examples.ts';
  changes.addEntry(examples, /const CREATED_ID: .* = \{/, `  ${command}: '${camel}-1'`);
  changes.addBefore(
    examples,
    /^ {2}const ids = new Map\(\[$/m,
    `  const ${camel}Id = uniqueId('${kebab}');
  await system.as('admin').post('/${many.kebab}', { ${camel}Id, label: 'First' });
`,
  );
  changes.addEntry(examples, /const ids = new Map\(\[/, `    ['${camel}-1', ${camel}Id]`);
}
