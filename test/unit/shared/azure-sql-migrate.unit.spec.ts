import { describe, expect, it } from 'vitest';
import { scriptsToApply } from '../../../src/shared/write-database/azure-sql/migrate.ts';
import { readScript, readScripts } from '../../../src/shared/write-database/azure-sql/scripts.ts';

const script = (name: string, hash: string) => ({ name, hash, batches: [] });
const MIGRATIONS = [script('migrations/0001', 'a'), script('migrations/0002', 'b')];
const PROCEDURES = [script('procedures/Load', 'c'), script('procedures/Save', 'd')];

const namesToApply = (applied: Readonly<Record<string, string>>) =>
  scriptsToApply(new Map(Object.entries(applied)), MIGRATIONS, PROCEDURES).map(({ name }) => name);

describe('what a migration applies', () => {
  it('is everything, migrations first, to a new database', () => {
    expect(namesToApply({})).toEqual(['migrations/0001', 'migrations/0002', 'procedures/Load', 'procedures/Save']);
  });

  it('is nothing to one that is up to date', () => {
    const all = { 'migrations/0001': 'a', 'migrations/0002': 'b', 'procedures/Load': 'c', 'procedures/Save': 'd' };
    expect(namesToApply(all)).toEqual([]);
  });

  it('is what is new and the procedures that differ', () => {
    const older = { 'migrations/0001': 'a', 'procedures/Load': 'old', 'procedures/Save': 'd' };
    expect(namesToApply(older)).toEqual(['migrations/0002', 'procedures/Load']);
  });

  it('is refused when an applied migration was changed', () => {
    expect(() => namesToApply({ 'migrations/0001': 'other' })).toThrow('migrations/0001');
  });
});

describe('the .sql files', () => {
  it('are cut at GO', async () => {
    const { batches } = await readScript('applied-scripts.sql');
    expect(batches.map((batch) => /CREATE (SCHEMA|TABLE)/.exec(batch)?.[0])).toEqual(['CREATE SCHEMA', 'CREATE TABLE']);
  });

  it('have one procedure each, by the name of the file, and after it at most that the sync app may run it', async () => {
    for (const { name, batches } of await readScripts('procedures')) {
      const procedure = name.slice('procedures/'.length, -'.sql'.length);
      const [definition, ...rights] = batches.map((batch) => batch.trim());
      expect(definition).toContain(`PROCEDURE orders.${procedure}\n`);
      for (const right of rights) expect(right).toBe(`GRANT EXECUTE ON OBJECT::orders.${procedure} TO order_sync;`);
    }
  });
});
