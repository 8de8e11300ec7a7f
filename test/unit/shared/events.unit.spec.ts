import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_SCHEMAS_FOLDER, eventSchemaFiles } from '../../../scripts/generate/event-schemas.ts';
import { EVENT_CONTRACTS, EVENTS } from '../../../src/shared/events/envelope.ts';

describe('the published event contract', () => {
  it('has a current version of every event, and no other', () => {
    expect(Object.keys(EVENTS)).toEqual([...EVENT_CONTRACTS.keys()]);
  });

  it('is what the code says: run "npm run generate" after a change', () => {
    const published = readdirSync(EVENT_SCHEMAS_FOLDER)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, JSON.parse(readFileSync(`${EVENT_SCHEMAS_FOLDER}/${name}`, 'utf8'))]);
    const generated = [...eventSchemaFiles()].map(([name, text]) => [name, JSON.parse(text)]);
    expect(Object.fromEntries(published)).toEqual(Object.fromEntries(generated));
  });

  it('names every event in its README', () => {
    const readme = readFileSync(`${EVENT_SCHEMAS_FOLDER}/README.md`, 'utf8');
    expect([...EVENT_CONTRACTS.keys()].filter((eventType) => !readme.includes(eventType))).toEqual([]);
  });
});
