import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_SCHEMAS_FOLDER, eventSchemaFiles } from '../../scripts/generate/event-schemas.ts';
import { eventSchemas, SCHEMA_VERSIONS } from '../../src/shared/events/envelope.ts';

describe('the published event contract', () => {
  it('has a current version of every event, and no other', () => {
    expect(Object.keys(SCHEMA_VERSIONS)).toEqual([...eventSchemas.keys()]);
  });

  it('is what the code says: run "npm run generate" after a change', () => {
    const published = readdirSync(EVENT_SCHEMAS_FOLDER)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, readFileSync(`${EVENT_SCHEMAS_FOLDER}/${name}`, 'utf8')] as const);
    expect(new Map(published)).toEqual(new Map([...eventSchemaFiles()].sort(([a], [b]) => (a < b ? -1 : 1))));
  });

  it('names every event in its README', () => {
    const readme = readFileSync(`${EVENT_SCHEMAS_FOLDER}/README.md`, 'utf8');
    expect([...eventSchemas.keys()].filter((eventType) => !readme.includes(eventType))).toEqual([]);
  });
});
