import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CONSUMER_GROUPS, ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../../src/shared/event-hubs/hub.ts';
import { CONTAINERS, SUITES } from '../../containers/suites.ts';

const compose = z
  .object({
    services: z.record(
      z.string(),
      z.object({
        image: z.string(),
        environment: z.record(z.string(), z.string()).optional(),
        ports: z.array(z.string()).optional(),
        network_mode: z.literal('host').optional(),
      }),
    ),
  })
  .parse(parse(readFileSync('compose.yaml', 'utf8')));

const emulator = z
  .object({
    UserConfig: z.object({
      NamespaceConfig: z.tuple([
        z.object({
          Entities: z.array(
            z.object({
              Name: z.string(),
              PartitionCount: z.int().max(32),
              ConsumerGroups: z.array(z.object({ Name: z.string() })),
            }),
          ),
        }),
      ]),
    }),
  })
  .parse(JSON.parse(readFileSync('test/containers/event-hubs.json', 'utf8')));

describe('the official containers', () => {
  it('are images of Microsoft, reached on this machine only', () => {
    for (const { image, ports = [], network_mode: network } of Object.values(compose.services)) {
      expect(image).toMatch(/^mcr\.microsoft\.com\//);
      expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
      expect(ports.length > 0 || network === 'host').toBe(true);
    }
  });

  it.each([ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB])(
    'have the hub %s with the consumer groups of the code',
    (hub) => {
      const [{ Entities: hubs }] = emulator.UserConfig.NamespaceConfig;
      const groups = hubs.find(({ Name: name }) => name === hub)?.ConsumerGroups.map(({ Name: name }) => name);

      expect(groups?.toSorted()).toEqual([...CONSUMER_GROUPS].sort());
    },
  );

  it('take the functions that suites talk to from the same services as the suites', () => {
    const settings = compose.services.functions?.environment ?? {};

    expect(settings.EventHubConnection).toBe(CONTAINERS.TEST_EVENT_HUBS_CONNECTION_STRING);
    expect(settings.CosmosConnection).toBe(CONTAINERS.TEST_COSMOS_CONNECTION_STRING);
    expect(settings.AzureWebJobsStorage).toBe(CONTAINERS.TEST_STORAGE_CONNECTION_STRING);
    expect(settings.SQL_CONNECTION_STRING).toContain(CONTAINERS.TEST_SQL_CONNECTION_STRING.split(';').at(-2));
    expect(compose.services.sql?.environment?.MSSQL_SA_PASSWORD).toBe(
      /Password=([^;]+)/.exec(CONTAINERS.TEST_SQL_CONNECTION_STRING)?.[1],
    );
  });

  it('are used by a workflow with a job for each suite', () => {
    const workflow = parse(readFileSync('.github/workflows/containers.yml', 'utf8'));

    expect(workflow.jobs.suite.strategy.matrix.suite).toEqual(Object.keys(SUITES));
  });

  it('run test files that there are', () => {
    const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).map((path) => `test/${path}`);

    for (const filter of Object.values(SUITES).flat()) {
      expect(files.filter((file) => file.startsWith(filter) && file.endsWith('.spec.ts'))).not.toEqual([]);
    }
  });
});
