import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROBLEMS } from '../../../src/shared/http/problem.ts';
import { ofType, SNAPSHOTS } from '../../support/infra/snapshots.ts';

const queryRule = z.object({
  autoMitigate: z.boolean(),
  overrideQueryTimeRange: z.string().optional(),
  muteActionsDuration: z.string().optional(),
});

const alerts = readFileSync('infra/modules/alerts.bicep', 'utf8');
const workbook = readFileSync('infra/workbook.json', 'utf8');
const metrics = readFileSync('src/shared/telemetry/metrics.ts', 'utf8');
const operations = readFileSync('docs/operations.md', 'utf8');

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
const chapters = new Set(matches(operations, /^## (.+)$/gm).map((title) => title.toLowerCase().replaceAll(' ', '-')));

describe('the alerts', () => {
  it('each have a chapter in docs/operations.md', () => {
    const names = [...matches(alerts, /^ {4}name: '([\w-]+)'$/gm), 'app-down'];
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !chapters.has(name))).toEqual([]);
  });

  it.each(SNAPSHOTS)(
    'that look back longer than they wait raise one alert, not one at each look (%s)',
    (_, snapshot) => {
      const rules = ofType(snapshot, 'Microsoft.Insights/scheduledQueryRules').map(({ name, properties }) => ({
        name,
        ...queryRule.parse(properties),
      }));
      const lookingBack = rules.filter(({ overrideQueryTimeRange }) => overrideQueryTimeRange !== undefined);
      expect(lookingBack).not.toEqual([]);
      expect(lookingBack.filter((rule) => !rule.autoMitigate && rule.muteActionsDuration === undefined)).toEqual([]);
    },
  );

  it('take those outcomes of a command for failures that are our fault', () => {
    const ours = Object.entries(PROBLEMS)
      .filter(([code, [status]]) => status >= 500 && code !== 'read-model-behind')
      .map(([code]) => code);
    const [list = ''] = matches(alerts, /Properties\.outcome\) in \(([^)]+)\)/g);
    expect(matches(list, /'([\w-]+)'/g)).toEqual(ours);
    expect(workbook).toContain(`in (${list})`);
  });
});

it('the queries of docs/operations.md read metrics and attributes that the code emits', () => {
  const emitted = matches(metrics, /'(cqrs\.\w+)'/g);
  const attributes = matches(metrics, /`(\w+)`/g);
  expect(matches(operations, /'(cqrs\.\w+)'/g).filter((name) => !emitted.includes(name))).toEqual([]);
  expect(matches(operations, /Properties\.(\w+)/g).filter((name) => !attributes.includes(name))).toEqual([]);
});

it('links in docs/operations.md lead to its chapters', () => {
  expect(matches(operations, /\]\(#([\w-]+)\)/g).filter((link) => !chapters.has(link))).toEqual([]);
});

it('docs/operations.md has a way out of the errors and leftovers of a deployment that are known', () => {
  expect(operations).toContain('RoleAssignmentUpdateNotPermitted');
  expect(operations).toContain('**A firewall rule `deployer`**');
});

it('the workbook is what the portal takes: items of known types, each query with a place to run', () => {
  const { version, items } = JSON.parse(workbook);
  expect(version).toBe('Notebook/1.0');
  const queries = items.filter(({ type }: { type: number }) => type === 3);
  expect(queries.length).toBeGreaterThan(10);
  for (const { content } of queries) {
    expect(content.crossComponentResources).toEqual(['resource-id-of-the-workspace']);
    expect(content.query).toContain('TimeGenerated');
  }
});
