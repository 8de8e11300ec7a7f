import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { ASYNC_API_FILE, asyncApiText } from '../../../scripts/generate/async-api.ts';
import { EVENT_CONTRACTS } from '../../../src/shared/events/envelope.ts';
import { changeOfEvent } from '../../../src/shared/read-models/order-change.ts';
import { orderPlaced } from '../../support/events/events.ts';

const text = readFileSync(ASYNC_API_FILE, 'utf8');
const document = JSON.parse(text);

/** AsyncAPI schemas are JSON Schema draft 7, which is what this validator reads. */
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'asyncapi.json');

/** How a payload differs from the schema of a message. */
function differenceFrom(message: string, payload: unknown): string | undefined {
  const { $ref } = document.components.messages[message].payload;
  const validate = ajv.getSchema(`asyncapi.json${$ref}`);
  if (validate === undefined) throw new Error(`${message} has no schema.`);
  return validate(payload) ? undefined : ajv.errorsText(validate.errors);
}

describe('the published AsyncAPI document', () => {
  it('is up to date with the code (run "npm run generate" to update it)', () => {
    expect(document).toEqual(JSON.parse(asyncApiText()));
  });

  it('has no unresolved references, and nothing beside one', () => {
    const resolve = (path: string) =>
      path
        .slice(2)
        .split('/')
        .reduce((node, name) => node?.[name], document);
    const references = [...text.matchAll(/"\$ref": ?"(#\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(references.filter((path) => resolve(path) === undefined)).toEqual([]);
    expect(text).not.toMatch(/"\$ref": ?"[^"]+",/);
  });

  it('has one message for each version of each event type, and sends all of them to the hub', () => {
    const names = [...EVENT_CONTRACTS].flatMap(([eventType, { version }]) =>
      Array.from({ length: version }, (_, index) => `${eventType}.v${index + 1}`),
    );
    const { messages } = document.channels.orderEvents;
    expect(Object.keys(messages)).toEqual(names);
    const sent: readonly { readonly $ref: string }[] = document.operations.publishEvents.messages;
    expect(sent.map(({ $ref }) => $ref)).toEqual(names.map((name) => `#/channels/orderEvents/messages/${name}`));
  });

  it('describes events as they are published', () => {
    const event = orderPlaced();
    expect(differenceFrom('OrderPlaced.v2', event)).toBeUndefined();
    expect(differenceFrom('OrderPlaced.v2', { ...event, order: { ...event.order, total: '1' } })).toContain('total');
    expect(differenceFrom('OrderShipped.v1', event)).toBeDefined();
  });

  it('describes changes as they are pushed', () => {
    expect(differenceFrom('OrderChange', changeOfEvent(orderPlaced()))).toBeUndefined();
    expect(differenceFrom('OrderChange', {})).toContain('version');
  });

  it('has only keywords that draft 7 of JSON Schema knows', () => {
    expect(text).not.toMatch(/"(\$defs|\$schema|\$id|prefixItems|unevaluatedProperties|dependentRequired)"/);
  });
});
