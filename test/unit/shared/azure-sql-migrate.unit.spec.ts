import { describe, expect, it } from 'vitest';
import { runScript, scriptsToApply } from '../../../src/shared/write-database/azure-sql/migrate.ts';
import { readScript, readScripts } from '../../../src/shared/write-database/azure-sql/scripts.ts';

const script = (name: string, hash: string) => ({ name, hash, batches: [] });
const MIGRATIONS = [script('migrations/0001', 'a'), script('migrations/0002', 'b')];
const PROCEDURES = [script('procedures/Load', 'c'), script('procedures/Save', 'd')];

const namesToApply = (applied: Readonly<Record<string, string>>) =>
  scriptsToApply(new Map(Object.entries(applied)), MIGRATIONS, PROCEDURES).map(({ name }) => name);

describe('a migration', () => {
  it('applies everything to a new database, schema changes first', () => {
    expect(namesToApply({})).toEqual(['migrations/0001', 'migrations/0002', 'procedures/Load', 'procedures/Save']);
  });

  it('applies nothing to a database that is up to date', () => {
    const all = { 'migrations/0001': 'a', 'migrations/0002': 'b', 'procedures/Load': 'c', 'procedures/Save': 'd' };
    expect(namesToApply(all)).toEqual([]);
  });

  it('applies new scripts and procedures that differ', () => {
    const older = { 'migrations/0001': 'a', 'procedures/Load': 'old', 'procedures/Save': 'd' };
    expect(namesToApply(older)).toEqual(['migrations/0002', 'procedures/Load']);
  });

  it('is rejected when an applied script was changed', () => {
    expect(() => namesToApply({ 'migrations/0001': 'other' })).toThrow('migrations/0001');
  });

  it('is rejected when the database is newer than the sources, whose procedures would not know its tables', () => {
    const newer = { 'migrations/0001': 'a', 'migrations/0002': 'b', 'migrations/0003': 'e', 'procedures/Load': 'new' };
    expect(() => namesToApply(newer)).toThrow(
      'The database is newer than these sources, which do not have migrations/0003.',
    );
  });

  it('ignores a procedure that the sources no longer have', () => {
    const all = { 'migrations/0001': 'a', 'migrations/0002': 'b', 'procedures/Load': 'c', 'procedures/Save': 'd' };
    expect(namesToApply({ ...all, 'procedures/Removed': 'f' })).toEqual([]);
  });

  it('lets a command fail and be retried, not the migration, where the two wait for each other', async () => {
    let priority = 'NORMAL';
    const priorities: Record<string, string> = {};
    for (const script of [...(await readScripts('migrations')), ...(await readScripts('procedures'))]) {
      const batch = async (text: string) => {
        priorities[script.name] = priority; // when the last batch starts
        priority = /.*SET DEADLOCK_PRIORITY (\w+)/s.exec(text)?.[1] ?? priority;
      };
      await runScript({ request: () => ({ batch }) }, script);
    }
    expect(Object.entries(priorities).filter(([, priority]) => priority !== 'HIGH')).toEqual([]);
    expect(Object.keys(priorities)).toContain('procedures/CommitCommand.sql');
  });
});

/** Those that are applied to databases with the data of version 0.1.0, which ended with 0008. */
const laterMigrations = async () => (await readScripts('migrations')).filter(({ name }) => name >= 'migrations/0009');

describe('the .sql files', () => {
  it('are split at GO', async () => {
    const { batches } = await readScript('applied-scripts.sql');
    expect(batches.map((batch) => /CREATE (SCHEMA|TABLE)/.exec(batch)?.[0])).toEqual(['CREATE SCHEMA', 'CREATE TABLE']);
  });

  it('build an index of a released table online, where the edition of the server can', async () => {
    const indexes = (await laterMigrations()).flatMap(({ name, batches }) =>
      batches.flatMap((batch) =>
        [...batch.matchAll(/CREATE (?:UNIQUE )?INDEX \w+\s+ON orders\.(\w+)/g)]
          .filter(([, table = '']) => !batches.some((one) => one.includes(`CREATE TABLE orders.${table} (`)))
          .map(() => ({ name, online: /EngineEdition.* IN \(3, 5, 8\)[\s\S]*WITH \(ONLINE = ON\)/.test(batch) })),
      ),
    );
    expect(indexes).toContainEqual({ name: 'migrations/0009-open-drafts.sql', online: true });
    expect(indexes.filter(({ online }) => !online)).toEqual([]);
  });

  it('change the rows of a released table in batches, so that no statement locks the table', async () => {
    const updates = (await laterMigrations()).flatMap(({ batches }) =>
      batches.filter((batch) => /^\s*(UPDATE|DELETE|MERGE)\b/m.test(batch)),
    );
    expect(updates).not.toEqual([]);
    for (const batch of updates)
      expect(batch).toMatch(/@BatchSize int = 1000;[\s\S]*WHILE @Done < @Total\nBEGIN\n {2}UPDATE /);
  });

  it('define one procedure each, named like the file, and grant nothing but its execution by the sync app', async () => {
    for (const { name, batches } of await readScripts('procedures')) {
      const procedure = name.slice('procedures/'.length, -'.sql'.length);
      const [definition, ...rights] = batches.map((batch) => batch.trim());
      expect(definition).toContain(`PROCEDURE orders.${procedure}\n`);
      for (const right of rights) expect(right).toBe(`GRANT EXECUTE ON OBJECT::orders.${procedure} TO order_sync;`);
    }
  });

  it('give the command app the execution of procedures, and nobody a right on the rows of a table', async () => {
    const migrations = (await readScripts('migrations')).flatMap(({ batches }) => batches);
    const rights = migrations.flatMap((batch) => batch.match(/^\s*(GRANT|ALTER ROLE)\b.*/gim) ?? []);
    expect(rights.map((right) => right.trim())).toEqual([
      'GRANT EXECUTE ON SCHEMA::orders TO order_commands;',
      'GRANT VIEW DEFINITION ON OBJECT::orders.Events TO order_sync;',
      'GRANT VIEW DEFINITION ON OBJECT::orders.EventArchive TO order_sync;',
    ]);
  });
});
