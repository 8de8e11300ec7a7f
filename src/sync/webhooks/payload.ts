import * as z from 'zod';
import { EVENT_CONTRACTS, type EventContract, type EventEnvelope } from '../../shared/events/envelope.ts';
import { isPersonal } from '../../shared/personal-data/personal-fields.ts';
import { MONEY_FIELDS, moneyToDecimal } from '../../shared/read-models/order-response.ts';

const STATES = new Map<EventContract['state'], z.ZodRawShape>();

/**
 * The schema of the payload of each event type. It has no personal field: the marks in the event's schema say which fields those
 * are, and objects drop every field that the schema does not have.
 */
export const PAYLOAD_SCHEMAS: ReadonlyMap<string, z.ZodObject> = new Map(
  [...EVENT_CONTRACTS].map(([eventType, contract]) => [eventType, payloadSchema(eventType, contract)]),
);

function payloadSchema(eventType: string, { schema, state }: EventContract): z.ZodObject {
  const { eventId, aggregateType, aggregateId, version, timestamp, data } = schema.shape;
  return z.object({
    type: z.literal(eventType),
    timestamp: publicSchema(timestamp),
    data: z.object({
      eventId: publicSchema(eventId),
      aggregateType: publicSchema(aggregateType),
      aggregateId: publicSchema(aggregateId),
      version: publicSchema(version),
      change: publicSchema(data),
      ...publicState(state),
    }),
  });
}

/** The aggregate after an event, with one schema for all of its events: `OrderAfterEvent` in the API description. */
function publicState(state: EventContract['state']): z.ZodRawShape {
  const known = STATES.get(state);
  if (known !== undefined) return known;
  const shape = Object.fromEntries(
    Object.entries(state).map(([name, schema]) => {
      const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}AfterEvent`;
      return [name, publicSchema(schema).meta({ id })] as const;
    }),
  );
  STATES.set(state, shape);
  return shape;
}

/** A schema without its personal fields, and with money as decimal amounts. */
function publicSchema(schema: z.core.$ZodType): z.ZodType {
  const description = z.globalRegistry.get(schema)?.description;
  return description === undefined ? rebuilt(schema) : rebuilt(schema).describe(description);
}

function rebuilt(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return publicSchema(schema.unwrap()).optional();
  if (schema instanceof z.ZodNullable) return publicSchema(schema.unwrap()).nullable();
  if (schema instanceof z.ZodReadonly) return publicSchema(schema.unwrap());
  if (schema instanceof z.ZodArray) return z.array(publicSchema(schema.element));
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).filter(([, field]) => !isPersonal(field));
    return z.object(Object.fromEntries(fields.map(([name, field]) => [name, publicField(name, field)])));
  }
  if (schema instanceof z.ZodType) return schema;
  throw new Error('The schema of an event consists of schemas of zod.');
}

function publicField(name: string, field: z.core.$ZodType): z.ZodType {
  return MONEY_FIELDS.has(name) ? z.number().describe('Decimal amount in the currency.') : publicSchema(field);
}

const inCurrency = z.object({ currency: z.string() });

/**
 * The body of the message about an event, as JSON text: what happened, and the order, customer or product after it, without
 * personal data. Money is in decimal amounts, as everywhere in the API.
 */
export function payloadOf(event: EventEnvelope): string {
  const { eventType: type, timestamp } = event;
  const payload = PAYLOAD_SCHEMAS.get(type)?.parse({ type, timestamp, data: { ...event, change: event.data } });
  const currency = Object.keys(EVENT_CONTRACTS.get(type)?.state ?? {})
    .map((name) => inCurrency.safeParse(Reflect.get(event, name)).data?.currency)
    .find((found) => found !== undefined);
  return JSON.stringify(currency === undefined ? payload : moneyToDecimal(payload, currency));
}
