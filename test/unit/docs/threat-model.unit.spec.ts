import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROLES } from '../../../src/shared/auth/authenticate.ts';
import type { Environment } from '../../../src/shared/config/environment.ts';
import { commandsConfig, queriesConfig, syncConfig } from '../../../src/shared/config.ts';
import { ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../../src/shared/event-hubs/hub.ts';
import { CONTAINERS } from '../../../src/shared/read-models/containers.ts';
import { readScripts } from '../../../src/shared/write-database/azure-sql/scripts.ts';
import { chapterOf, codesIn, type Row, rowsOf } from '../../support/docs/markdown-tables.ts';
import { missingTests, referencesIn } from '../../support/docs/test-references.ts';
import { ofType, plainName, SNAPSHOTS } from '../../support/infra/snapshots.ts';

const text = readFileSync('docs/threat-model.md', 'utf8');
const chapter = (heading: string): readonly Row[] => rowsOf(chapterOf(text, heading));
const named = (rows: readonly Row[], column: string): readonly string[] => rows.flatMap((row) => codesIn(row[column]));

/** `GET /orders` of the published description. */
function publishedRoutes(): readonly string[] {
  const description = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const { paths } = description.parse(JSON.parse(readFileSync('docs/openapi.json', 'utf8')));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** The settings of docs/settings.md, and those that the code reads when none is set. WEBSITE_SITE_NAME is set by Azure. */
function settings(): readonly string[] {
  const documented = named(rowsOf(readFileSync('docs/settings.md', 'utf8')), 'setting');
  const read = new Set<string>();
  const environment = new Proxy<Environment>(
    {},
    {
      get: (_, name) => {
        read.add(String(name));
        return undefined;
      },
    },
  );
  for (const config of [commandsConfig, syncConfig, queriesConfig]) expect(() => config(environment)).toThrow();
  const names = [...read].filter((name) => name !== 'WEBSITE_SITE_NAME' && !name.includes('__'));
  return [...new Set([...documented, ...names])];
}

/** The identities of the template, such as `id-orders-commands`. */
function identities(): readonly string[] {
  const ofTemplate = SNAPSHOTS.flatMap(([, snapshot]) =>
    ofType(snapshot, 'Microsoft.ManagedIdentity/userAssignedIdentities').map(plainName),
  );
  return [...new Set(ofTemplate)];
}

/** The roles that migrations create in the write database. */
async function databaseRoles(): Promise<readonly string[]> {
  const batches = (await readScripts('migrations')).flatMap((script) => script.batches);
  return batches.flatMap((sql) => [...sql.matchAll(/CREATE ROLE (\w+)/g)].flatMap(([, role]) => role ?? []));
}

describe('the threat model has a row', () => {
  it('for every route, and for no other', () => {
    expect(named(chapter('## Entry points'), 'route').toSorted()).toEqual(publishedRoutes().toSorted());
  });

  it('for every setting, and for no other', () => {
    expect(named(chapter('## Settings and secrets'), 'setting').toSorted()).toEqual(settings().toSorted());
  });

  it('for every role of a caller, identity of the template and role of the write database', async () => {
    const rows = named(chapter('## Who may do what'), 'who');
    const others = [identities(), await databaseRoles()];
    expect(others).not.toContainEqual([]);
    expect([...ROLES, ...others.flat()].filter((name) => !rows.includes(name))).toEqual([]);
  });

  it('for every hub and every container of the read database', () => {
    const stores = named(chapter('## Stores'), 'store');
    const names = [ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB, ...CONTAINERS.map(({ name }) => name)];
    expect(names.filter((name) => !stores.includes(name))).toEqual([]);
  });
});

const COMPONENTS = [...chapterOf(text, '## Threats by component').matchAll(/^### .+$/gm)].map(([heading]) => heading);

describe('the threats', () => {
  it('are those of several components', () => {
    expect(COMPONENTS.length).toBeGreaterThan(7);
  });

  it.each(COMPONENTS)('of "%s" cover all six letters of STRIDE, and each has a control', (component) => {
    const rows = chapter(component);
    const letters = rows.flatMap(({ STRIDE = '' }) => STRIDE.split(', '));
    expect([...new Set(letters)].toSorted()).toEqual(['D', 'E', 'I', 'R', 'S', 'T']);
    expect(rows.filter(({ threat, control }) => !threat || !control)).toEqual([]);
  });

  it('that are accepted or open have a reason', () => {
    const rows = [...chapter('## Accepted risks'), ...chapter('## Open')];
    expect(rows.filter(({ risk, reason }) => !risk || !reason)).toEqual([]);
  });
});

describe('the tests that the threat model names', () => {
  const rows = rowsOf(text).filter((row) => 'test' in row);
  const references = rows.flatMap(({ test = '' }) => referencesIn(test));

  it('are at least one for each row, and each has a title', () => {
    expect(rows.filter(({ test = '' }) => referencesIn(test).length === 0)).toEqual([]);
    expect(references.filter(({ titles }) => titles.length === 0)).toEqual([]);
    expect(rows.length).toBeGreaterThan(80);
  });

  it('exist', () => {
    expect(references.flatMap(missingTests)).toEqual([]);
  });
});
