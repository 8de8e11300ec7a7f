import { describe, expect, it } from 'vitest';
import { scriptsToApply } from '../../../src/shared/write-database/azure-sql/migrate.ts';
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
});

describe('the .sql files', () => {
  it('are split at GO', async () => {
    const { batches } = await readScript('applied-scripts.sql');
    expect(batches.map((batch) => /CREATE (SCHEMA|TABLE)/.exec(batch)?.[0])).toEqual(['CREATE SCHEMA', 'CREATE TABLE']);
  });

  it('define one procedure each, named like the file, and grant nothing but its execution by the sync app', async () => {
    for (const { name, batches } of await readScripts('procedures')) {
      const procedure = name.slice('procedures/'.length, -'.sql'.length);
      const [definition, ...rights] = batches.map((batch) => batch.trim());
      expect(definition).toContain(`PROCEDURE orders.${procedure}\n`);
      for (const right of rights) expect(right).toBe(`GRANT EXECUTE ON OBJECT::orders.${procedure} TO order_sync;`);
    }
  });

  it('give the command app the execution of procedures, and nobody a right on a table', async () => {
    const migrations = (await readScripts('migrations')).flatMap(({ batches }) => batches);
    const rights = migrations.flatMap((batch) => batch.match(/^\s*(GRANT|ALTER ROLE)\b.*/gim) ?? []);
    expect(rights.map((right) => right.trim())).toEqual(['GRANT EXECUTE ON SCHEMA::orders TO order_commands;']);
  });
});
