import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROBLEMS } from '../../../src/shared/http/problem.ts';
import { ofType, SNAPSHOTS, type Snapshot } from '../../support/infra/snapshots.ts';

const queryRule = z.object({
  description: z.string(),
  autoMitigate: z.boolean(),
  evaluationFrequency: z.literal('PT5M'),
  windowSize: z.enum(['PT5M', 'PT10M', 'PT15M', 'PT30M', 'P1D']), // of those that Azure takes
  muteActionsDuration: z.string().optional(),
  criteria: z.object({
    allOf: z.tuple([z.object({ failingPeriods: z.object({ numberOfEvaluationPeriods: z.number() }) })]),
  }),
});

const queryRules = (snapshot: Snapshot) =>
  ofType(snapshot, 'Microsoft.Insights/scheduledQueryRules').map(({ name, properties }) => ({
    name,
    ...queryRule.parse(properties),
  }));

const alerts = readFileSync('infra/modules/alerts.bicep', 'utf8');
const workbook = readFileSync('infra/workbook.json', 'utf8');
const metrics = readFileSync('src/shared/telemetry/metrics.ts', 'utf8');
const operations = readFileSync('docs/operations.md', 'utf8');
const deploy = readFileSync('docs/deploy.md', 'utf8');

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
const chapters = new Set(matches(operations, /^## (.+)$/gm).map((title) => title.toLowerCase().replaceAll(' ', '-')));

/** Problems that no command returns. */
const ONLY_OF_QUERIES: ReadonlySet<string> = new Set(['read-model-behind', 'report-unavailable', 'report-timeout']);

/** The window (ISO 8601) that a rule's text names: five minutes if none. */
const windowOf = (text: string): string => {
  if (text.includes('within a day')) return 'P1D';
  if (/\bhalf an hour:/.test(text)) return 'PT30M';
  return `PT${/\b(?:for|over|in) (1\d) minutes/.exec(text)?.[1] ?? 5}M`;
};

describe('the alerts', () => {
  it('each have a chapter in docs/operations.md', () => {
    const names = [...matches(alerts, /^ {4}name: '([\w-]+)'$/gm), 'app-down'];
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !chapters.has(name))).toEqual([]);
  });

  it.each(SNAPSHOTS)('evaluate one window: Azure refuses more for results without a time (%s)', (_, snapshot) => {
    const rules = queryRules(snapshot).map(({ name, criteria: { allOf } }) => [name, allOf[0].failingPeriods] as const);
    expect(rules).not.toEqual([]);
    expect(rules.filter(([, periods]) => periods.numberOfEvaluationPeriods !== 1)).toEqual([]);
  });

  it.each(SNAPSHOTS)('have the window that their text names (%s)', (_, snapshot) => {
    const wrong = queryRules(snapshot).filter(({ description, windowSize }) => windowOf(description) !== windowSize);
    expect(wrong.map(({ name, description }) => [name, description])).toEqual([]);
  });

  it.each(SNAPSHOTS)(
    'whose window is longer than the time between evaluations raise one alert, not one per evaluation (%s)',
    (_, snapshot) => {
      const lookingBack = queryRules(snapshot).filter((rule) => rule.windowSize !== rule.evaluationFrequency);
      expect(lookingBack).not.toEqual([]);
      expect(lookingBack.filter((rule) => !rule.autoMitigate && rule.muteActionsDuration === undefined)).toEqual([]);
    },
  );

  it('take those outcomes of a command for failures that are our fault', () => {
    const ours = Object.entries(PROBLEMS)
      .filter(([code, [status]]) => status >= 500 && !ONLY_OF_QUERIES.has(code))
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

it('each block of KQL in docs/operations.md is one query, which runs as it is', () => {
  const blocks = matches(operations, /^```kusto\n(.*?)^```$/gms);
  const queriesOf = (block: string) => block.split('\n').filter((line) => /^(?!let )\w/.test(line));
  expect(blocks.length).toBeGreaterThan(20);
  expect(blocks.filter((block) => queriesOf(block).length !== 1)).toEqual([]);
});

describe('the table of metrics in docs/operations.md', () => {
  const rows = [...operations.matchAll(/^\| `(cqrs\.\w+)` \| (\w+)(?: \(ms\))? \| (.*?)\| /gm)];
  const documented = rows.map(([, name = '', kind = '', attributes = '']) => ({ name, kind, attributes }));

  it('has each metric of the code once, with its kind', () => {
    const made = [...metrics.matchAll(/= (counter|histogram|gauge)\('(cqrs\.\w+)'/g)];
    const kinds = new Map(made.map(([, kind = '', name = '']) => [name, kind]));
    expect(documented.map(({ name }) => name).sort()).toEqual([...kinds.keys()].sort());
    expect(documented.filter(({ name, kind }) => kinds.get(name) !== kind)).toEqual([]);
  });

  it('has the attributes that the code documents', () => {
    const described = metrics.split('/**').map((text) => ({ text, name: matches(text, /'(cqrs\.\w+)'/g).at(0) }));
    const wrong = documented.filter(({ name, attributes }) => {
      const text = described.find((one) => one.name === name)?.text ?? '';
      return matches(attributes, /`(\w+)`/g).some((attribute) => !text.includes(`\`${attribute}\``));
    });
    expect(wrong).toEqual([]);
  });
});

it('docs/deploy.md states the cost of as many rules as there are', () => {
  const [, snapshot] = SNAPSHOTS.find(([environment]) => environment === 'prod') ?? [];
  const count = (type: string) => (snapshot === undefined ? 0 : ofType(snapshot, `Microsoft.Insights/${type}`).length);
  const [, onQueries, onMetrics] = /rule on a query \((\d+)\).*rule on a metric \((\d+)\)/.exec(deploy) ?? [];
  expect(Number(onQueries)).toBe(count('scheduledQueryRules'));
  expect(Number(onMetrics)).toBe(count('metricAlerts'));
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
